/** Constraints in the forms that Pacemaker 4.0's schema keeps: one rule each, no lifetime. */
import {
  attribute,
  childrenNamed,
  element,
  withAttributes,
  withChildren,
  type XmlElement,
} from "../../../formats/xml/xml-element.ts";
import { note, type Translation } from "./translation.ts";

/** One constraint for each of several rules. */
export function latestConstraint(on: Translation, constraint: XmlElement): readonly XmlElement[] {
  const [lifetime] = childrenNamed(constraint, "lifetime");
  const without = withChildren(
    constraint,
    constraint.children.filter((each) => each.name !== "lifetime"),
  );
  if (lifetime === undefined) return splitRules(on, constraint);
  if (constraint.name !== "rsc_location") {
    const why = "Only the lifetime of a location constraint was ever looked at.";
    note(on, "HF4109", { of: constraint, from: "<lifetime>", to: "", why });
    return [without];
  }
  const why = "How long a constraint holds is said by its rule.";
  note(on, "HF4110", { of: constraint, from: "<lifetime>", to: "a rule", why });
  return splitRules(on, without).map((each, i) =>
    withLifetime(
      each,
      i === 0 ? lifetime : withChildren(lifetime, lifetime.children.map(reference)),
    ),
  );
}

function splitRules(on: Translation, constraint: XmlElement): readonly XmlElement[] {
  const rules = childrenNamed(constraint, "rule");
  if (rules.length < 2) return [constraint];
  const id = attribute(constraint, "id") ?? "";
  const to = `${rules.length} constraints ${id}-1 to ${id}-${rules.length}`;
  const why = "A constraint has one rule; each of several acted by itself.";
  note(on, "HF4110", { of: constraint, from: `${rules.length} rules`, to, why });
  const rest = constraint.children.filter((each) => each.name !== "rule");
  return rules.map((rule, i) => {
    const shared = i === 0 ? rest : rest.map(reference);
    return withChildren(withAttributes(constraint, { id: `${id}-${i + 1}` }), [...shared, rule]);
  });
}

/** Stands for an element that is written out elsewhere: ids are unique. */
function reference(of: XmlElement): XmlElement {
  const id = attribute(of, "id");
  return id === undefined ? of : element(of.name, { "id-ref": id });
}

/** The constraint's own condition and its lifetime, both as one rule. */
function withLifetime(constraint: XmlElement, lifetime: XmlElement): XmlElement {
  const id = attribute(constraint, "id") ?? "";
  const [own] = childrenNamed(constraint, "rule");
  const held = [...childrenNamed(lifetime, "rule")];
  const alive =
    held.length === 1
      ? held
      : [element("rule", { id: `${id}-lifetime-or-rule`, "boolean-op": "or" }, held.map(bare))];
  const inner = own === undefined ? [nodeExpression(constraint)] : [bare(own)];
  const top = element(
    "rule",
    { id: `${id}-lifetime-and-rule`, "boolean-op": "and", ...scoreOf(own ?? constraint) },
    [...inner, ...alive.map(bare)],
  );
  const rest = constraint.children.filter((each) => each.name !== "rule");
  return withChildren(withAttributes(constraint, { node: undefined, score: undefined }), [
    ...rest,
    top,
  ]);
}

function nodeExpression(constraint: XmlElement): XmlElement {
  const id = `${attribute(constraint, "id")}-lifetime-node`;
  const value = attribute(constraint, "node") ?? "";
  return element("expression", { id, attribute: "#uname", operation: "eq", value, type: "string" });
}

function scoreOf(of: XmlElement): Record<string, string> {
  const byAttribute = attribute(of, "score-attribute");
  if (byAttribute !== undefined) return { "score-attribute": byAttribute };
  return { score: attribute(of, "score") ?? "0" };
}

/** A rule inside another scores nothing. */
function bare(rule: XmlElement): XmlElement {
  return withAttributes(rule, { score: undefined, "score-attribute": undefined });
}

/** What keeps resources off the nodes that only answered pings. */
export function pingNodeBans(configuration: XmlElement): readonly XmlElement[] {
  return configuration.children
    .filter((each) => each.name === "nodes")
    .flatMap((nodes) => nodes.children)
    .filter((node) => attribute(node, "type") === "ping")
    .map((node) => {
      const name = attribute(node, "uname") ?? "";
      const id = `ping-node-ban-${name.replace(/[^A-Za-z0-9_.-]/g, "-")}`;
      return element("rsc_location", {
        id,
        "rsc-pattern": ".*",
        node: name,
        score: "-INFINITY",
        "resource-discovery": "never",
      });
    });
}
