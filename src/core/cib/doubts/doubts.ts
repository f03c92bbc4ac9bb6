/** Collecting what is doubtful in a CIB. */
import type { XmlElement } from "../../../formats/xml/xml-element.ts";
import { tagOf } from "../notice.ts";
import type { SchemaFinding } from "../schema/finding.ts";

export type Doubts = SchemaFinding[];

/** More than this help nobody. */
export const doubtsMax = 50;

/** @param reason a sentence without the element in front. Quotes of any length are cut. */
export function doubt(doubts: Doubts, of: XmlElement, reason: string): void {
  const element = tagOf(of).slice(0, lengthMax);
  const place = of.position && { line: of.position.line, column: of.position.column };
  doubts.push({ element, path: "", ...place, reason: reason.slice(0, lengthMax) });
}

const lengthMax = 300;
