/** <rsc_order>, <rsc_colocation> and rules. */
import {
  attribute,
  element,
  withAttributes,
  withChildren,
  type XmlElement,
} from "../../../formats/xml/xml-element.ts";
import { note, type Translation } from "./translation.ts";

/** from and to said who is placed with whom; symmetrical was of no use. */
export function translateColocation(on: Translation, constraint: XmlElement): XmlElement {
  const { from, to, from_role, to_role, symmetrical, ...rest } = constraint.attributes;
  if (from === undefined && to === undefined) return constraint;
  const roles = { "rsc-role": capitalised(from_role), "with-rsc-role": capitalised(to_role) };
  const attributes = withoutMissing({
    id: rest["id"],
    rsc: from,
    "with-rsc": to,
    ...rest,
    ...roles,
  });
  const translated = { ...constraint, attributes };
  noteTurned(on, constraint, translated, "The dependent resource is rsc, the other with-rsc.");
  if (symmetrical !== undefined) {
    const why = "A colocation has one direction: rsc follows with-rsc.";
    note(on, "HF4109", { of: constraint, from: `symmetrical=${symmetrical}`, to: "", why });
  }
  return translated;
}

/** type said whether `from` comes before or after `to`; after was meant where it was missing. */
export function translateOrder(on: Translation, constraint: XmlElement): XmlElement {
  const { from, to, type, action, to_action, ...rest } = constraint.attributes;
  if (from === undefined && to === undefined) return constraint;
  const before = type?.includes("before") ?? false;
  const turned = before
    ? { first: from, second: to, "first-action": action, "then-action": to_action }
    : {
        first: to,
        second: from,
        "first-action": to_action ?? action ?? "start",
        "then-action": action ?? "start",
      };
  const { first, second, ...actions } = turned;
  const attributes = withoutMissing({
    id: rest["id"],
    first,
    // biome-ignore lint/suspicious/noThenProperty: the attribute is called so.
    then: second,
    ...actions,
    ...rest,
  });
  const translated = { ...constraint, attributes };
  const why = before
    ? "With type=before, from acted before to."
    : "Without type=before, from acted after to.";
  noteTurned(on, constraint, translated, why);
  return translated;
}

/** A rule says what it scores and when it holds. `top`: it stands in a location constraint. */
export function translateRule(on: Translation, rule: XmlElement, top: boolean): XmlElement {
  if (!on.old || on.partial || attribute(rule, "id-ref") !== undefined) return rule;
  let translated = rule;
  const scored = ["score", "score-attribute"].some((name) => attribute(rule, name) !== undefined);
  if (top && !scored) {
    note(on, "HF4108", { of: rule, from: "", to: "score=0", why: "A rule names its score." });
    translated = withAttributes(translated, { score: "0" });
  }
  if (rule.children.length === 0) {
    const id = `${attribute(rule, "id")}-expression`;
    const always = element("expression", { id, attribute: "#uname", operation: "defined" });
    const why = "A rule without conditions held on every node.";
    note(on, "HF4108", { of: rule, from: "", to: "an expression that every node meets", why });
    translated = withChildren(translated, [always]);
  }
  return translated;
}

export function translateDateExpression(on: Translation, expression: XmlElement): XmlElement {
  if (!on.old || on.partial || attribute(expression, "operation") !== undefined) return expression;
  const why = "A date expression names its operation.";
  note(on, "HF4108", { of: expression, from: "", to: "operation=in_range", why });
  return withAttributes(expression, { operation: "in_range" });
}

function noteTurned(on: Translation, of: XmlElement, to: XmlElement, why: string): void {
  note(on, "HF4110", { of, from: attributeText(of), to: attributeText(to), why });
}

function attributeText(of: XmlElement): string {
  return Object.entries(of.attributes)
    .filter(([name]) => name !== "id")
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
}

function withoutMissing(
  attributes: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) given[name] = value;
  }
  return given;
}

function capitalised(role: string | undefined): string | undefined {
  return role && `${role.slice(0, 1).toUpperCase()}${role.slice(1).toLowerCase()}`;
}
