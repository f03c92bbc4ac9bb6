/** What one translation of an old CIB, or of a piece of one, carries along. */
import type { XmlElement } from "../../../formats/xml/xml-element.ts";
import { type CibNotice, type CibNoticeCode, tagOf } from "../notice.ts";

export type DefaultsSection = "rsc_defaults" | "op_defaults";

/** A pair that today stands in a section of defaults, not where it was written. */
export type MovedPair = {
  readonly section: DefaultsSection;
  /** Of the set that it goes into. */
  readonly setId: string;
  readonly pair: XmlElement;
};

export type Translation = {
  /** Written for Heartbeat: what 0.6 meant by leaving something out holds, too. */
  readonly old: boolean;
  /** Only what changes of an object is given, not the whole of it: nothing is added that may be there already. */
  readonly partial: boolean;
  /** The set in which a pair stands in the CIB that the piece goes into, both by their ids. */
  readonly setOfPair: ReadonlyMap<string, string>;
  /** The resource-stickiness that is set in the CIB which the piece goes into; 0 if none is. */
  readonly stickiness: number;
  readonly notices: CibNotice[];
  readonly moved: MovedPair[];
};

export function note(
  on: Translation,
  code: CibNoticeCode,
  { of, from, to, why }: { readonly of: XmlElement } & Pick<CibNotice, "from" | "to" | "why">,
): void {
  on.notices.push({ code, element: tagOf(of), from, to, why });
}
