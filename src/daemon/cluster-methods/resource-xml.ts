/** crm_resource --query-xml: a resource as it is configured, with or without its template laid under it. */
import { knownResource } from "../../core/cib/edit/planned-edit.ts";
import { withTemplate } from "../../core/cib/read/resource-lookup.ts";
import { printXml } from "../../formats/xml/print-xml.ts";
import type { XmlElement } from "../../formats/xml/xml-element.ts";
import { asUserError } from "./cib-desk.ts";

/** @throws UserError HF4008 when there is no such resource. */
export function resourceXml(cib: XmlElement, id: string, raw: boolean): string {
  const found = knownResource(cib, id);
  if (!found.ok) throw asUserError(found.error);
  const { element } = found.value;
  if (raw) return printXml(element);
  const whole = withTemplate(cib, element);
  // What the template says stands there now.
  const { template: _template, ...attributes } = whole.attributes;
  return printXml({ ...whole, attributes });
}
