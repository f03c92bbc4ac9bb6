/**
 * The difference of two CIBs as edits in order, to be sent instead of the whole. The law: what is made from
 * (a, b) turns a into b.
 */
import type { XmlAttributes, XmlElement } from "../../../formats/xml/xml-element.ts";
import type { CibVersion } from "../version.ts";

/** Paths are places among siblings from the root, in the tree as the edits before have left it. */
export type CibEdit =
  /** The element's attributes from now on, all of them. */
  | {
      readonly kind: "attributes";
      readonly path: readonly number[];
      readonly attributes: XmlAttributes;
    }
  | { readonly kind: "insert"; readonly path: readonly number[]; readonly xml: XmlElement }
  | { readonly kind: "remove"; readonly path: readonly number[] }
  /** Puts the element before the one that stands at `to` after it was taken out. */
  | { readonly kind: "move"; readonly path: readonly number[]; readonly to: number };

export type CibPatch = {
  readonly from: CibVersion;
  readonly to: CibVersion;
  readonly edits: readonly CibEdit[];
};
