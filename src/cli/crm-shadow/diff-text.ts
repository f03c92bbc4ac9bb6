/** A patch of format 2 for people, as Pacemaker's commands print it: + what is there now, - what is not, ~ what moved. */
import { parseXml } from "../../formats/xml/parse-xml.ts";
import { printXml } from "../../formats/xml/print-xml.ts";
import { attribute, child, childrenNamed, type XmlElement } from "../../formats/xml/xml-element.ts";

/** @param diff the XML of `cib-diff`; the text is empty where that is. */
export function diffText(diff: string): string {
  const parsed = parseXml(diff);
  if (!parsed.ok) return "";
  const version = child(parsed.value, "version");
  const lines = [
    `Diff: --- ${versionText(version && child(version, "source"))}`,
    `Diff: +++ ${versionText(version && child(version, "target"))}`,
    ...childrenNamed(parsed.value, "change").flatMap(changeLines),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function versionText(of: XmlElement | undefined): string {
  const names = ["admin_epoch", "epoch", "num_updates"];
  return names.map((name) => (of && attribute(of, name)) ?? "0").join(".");
}

function changeLines(change: XmlElement): readonly string[] {
  const where = attribute(change, "path") ?? "";
  switch (attribute(change, "operation")) {
    case "create": {
      const lead = `++ ${where}:  `;
      const text = change.children.map((xml) => printXml(xml)).join("");
      const lines = text.trimEnd().split("\n");
      const further = `++${" ".repeat(lead.length - 2)}`;
      return lines.map((line, at) => `${at === 0 ? lead : further}${line}`);
    }
    case "delete":
      return [`-- ${where}`];
    case "move":
      return [`+~ ${where} moved to offset ${attribute(change, "position")}`];
    default:
      return modified(where, child(change, "change-list")?.children ?? []);
  }
}

function modified(where: string, list: readonly XmlElement[]): readonly string[] {
  const of = (operation: string): readonly XmlElement[] =>
    list.filter((each) => attribute(each, "operation") === operation);
  const set = of("set").map(
    (each) => `@${attribute(each, "name")}=${attribute(each, "value") ?? ""}`,
  );
  const unset = of("unset").map((each) => `@${attribute(each, "name")}`);
  return [
    ...(set.length === 0 ? [] : [`+  ${where}:  ${set.join(", ")}`]),
    ...(unset.length === 0 ? [] : [`-  ${where}:  ${unset.join(", ")}`]),
  ];
}
