/** The scheduler's input as a file: the CIB as it was given, with the reason in a comment; crm_simulate reads it. */
import { printXml } from "../../formats/xml/print-xml.ts";
import type { XmlElement } from "../../formats/xml/xml-element.ts";
import type { WriteFile } from "./effects.ts";

/** @param kept so many files are there; the next one takes the place of the oldest. */
export function inputFile(
  input: { readonly number: number; readonly cib: XmlElement; readonly reason: string },
  token: number,
  kept: number,
): WriteFile {
  const { number, cib, reason } = input;
  // Two dashes end an XML comment.
  const comment = `<!-- transition ${number}: ${reason.replace(/--+/g, "-")} -->`;
  const text = `${comment}\n${printXml(cib)}`;
  return { kind: "write-file", token, path: `transitions/input-${number % kept}.xml`, text };
}
