/** A <rule> as a clause: "pingd not_defined or pingd lt 1". */
import { attribute, childrenNamed, type XmlElement } from "../xml/xml-element.ts";

export function ruleText(rule: XmlElement): string {
  const joint = ` ${(attribute(rule, "boolean-op") ?? "and").toLowerCase()} `;
  return rule.children.map(conditionText).filter(Boolean).join(joint);
}

function conditionText(condition: XmlElement): string {
  switch (condition.name) {
    case "rule": {
      const inner = ruleText(condition);
      return condition.children.length > 1 ? `(${inner})` : inner;
    }
    case "expression":
      return words(condition, ["attribute", "operation", "value"]);
    case "date_expression":
      return dateText(condition);
    case "rsc_expression":
      return `resource ${agentText(condition)}`;
    case "op_expression":
      return `operation ${words(condition, ["name", "interval"])}`;
    default:
      return "";
  }
}

function words(element: XmlElement, names: readonly string[]): string {
  return names.flatMap((name) => attribute(element, name) ?? []).join(" ");
}

function agentText(element: XmlElement): string {
  return ["class", "provider", "type"].flatMap((name) => attribute(element, name) ?? []).join(":");
}

function dateText(expression: XmlElement): string {
  const [start, end] = [attribute(expression, "start"), attribute(expression, "end")];
  switch ((attribute(expression, "operation") ?? "in_range").toLowerCase()) {
    case "gt":
      return `after ${start}`;
    case "lt":
      return `before ${end}`;
    case "date_spec":
      return `at ${childrenNamed(expression, "date_spec").map(fieldsText).join(", ")}`;
    default: {
      const duration = childrenNamed(expression, "duration").map(fieldsText);
      const parts = [
        start === undefined ? "" : `from ${start}`,
        end === undefined ? "" : `to ${end}`,
        ...duration.map((fields) => `for ${fields}`),
      ];
      return parts.filter(Boolean).join(" ");
    }
  }
}

/** "hours 0-7, weekdays 1-5". */
function fieldsText({ attributes }: XmlElement): string {
  return Object.entries(attributes)
    .filter(([name]) => name !== "id")
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
}
