/** XML that a person or a command has given. */
import { UserError } from "../../api/user-error.ts";
import { parseXml } from "../../formats/xml/parse-xml.ts";
import type { XmlElement } from "../../formats/xml/xml-element.ts";

/** @throws UserError HF4601 with the place in the person's text. */
export function parsed(text: string, source: string): XmlElement {
  const result = parseXml(text);
  if (result.ok) return result.value;
  const { line, column, message } = result.error;
  throw new UserError("HF4601", `${source}, line ${line}, column ${column}: ${message}`, {
    exit: 65,
    remedy: "Nothing was changed. Mend the XML there and try again.",
  });
}
