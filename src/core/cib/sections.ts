/** The sections of a CIB by the names that cibadmin's --scope knows. */
import { child, element, type XmlElement } from "../../formats/xml/xml-element.ts";

/** "all" is the whole CIB. */
export type CibSection =
  | "all"
  | "status"
  | "configuration"
  | "crm_config"
  | "rsc_defaults"
  | "op_defaults"
  | "nodes"
  | "resources"
  | "constraints"
  | "fencing-topology"
  | "acls"
  | "tags"
  | "alerts";

/** Those that stand in <configuration>, in the order in which a new CIB has them. */
export const configurationSections: readonly CibSection[] = [
  "crm_config",
  "rsc_defaults",
  "op_defaults",
  "nodes",
  "resources",
  "constraints",
  "fencing-topology",
  "acls",
  "tags",
  "alerts",
];

export function isCibSection(name: string): name is CibSection {
  return (
    name === "all" ||
    name === "status" ||
    name === "configuration" ||
    configurationSections.some((section) => section === name)
  );
}

/** The element of a section, where the CIB has it. */
export function sectionOf(cib: XmlElement, section: CibSection): XmlElement | undefined {
  if (section === "all") return cib;
  if (section === "status" || section === "configuration") return child(cib, section);
  const configuration = child(cib, "configuration");
  return configuration && child(configuration, section);
}

/** The elements in a section; none where the section is missing. */
export function sectionChildren(cib: XmlElement, section: CibSection): readonly XmlElement[] {
  return sectionOf(cib, section)?.children ?? [];
}

/** The place of a section's element below the root. */
export function sectionPath(cib: XmlElement, section: CibSection): readonly number[] | undefined {
  if (section === "all") return [];
  const outer = section === "status" ? "status" : "configuration";
  const first = cib.children.findIndex((each) => each.name === outer);
  if (first < 0) return undefined;
  if (section === outer) return [first];
  const inner = cib.children[first]?.children.findIndex((each) => each.name === section) ?? -1;
  return inner < 0 ? undefined : [first, inner];
}

/** The same CIB with the section there, empty where it was missing. */
export function withSection(cib: XmlElement, section: CibSection): XmlElement {
  if (sectionPath(cib, section) !== undefined) return cib;
  if (section === "status" || section === "configuration") {
    const children = [...cib.children, element(section)];
    return { ...cib, children };
  }
  const whole = withSection(cib, "configuration");
  const children = whole.children.map((each) =>
    each.name === "configuration"
      ? { ...each, children: [...each.children, element(section)] }
      : each,
  );
  return { ...whole, children };
}
