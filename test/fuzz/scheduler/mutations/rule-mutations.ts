/** Rules: every kind of expression, nested, wherever a configuration may have one. */
import type { Prng } from "../../../../src/base/prng.ts";
import {
  attribute,
  element,
  withAttributes,
  withChildren,
  type XmlElement,
} from "../../../../src/formats/xml/xml-element.ts";
import {
  type Choice,
  changeOne,
  elementsNamed,
  freshId,
  idOf,
  inSection,
  type Mutation,
  nodeNames,
  pair,
  pickFrom,
  replaceElement,
  setOnOne,
  topResources,
} from "./change-tree.ts";

export const ruleMutations: readonly Mutation[] = [
  { feature: "rule of a location", change: addLocation },
  { feature: "rule of a location", change: addLocation },
  { feature: "rule of a location", change: narrowRule },
  { feature: "rule changed", change: changeRule },
  { feature: "expression changed", change: changeExpression },
  { feature: "rule of a default", change: ruleOfDefault },
  { feature: "rule of an operation", change: ruleOfOperation },
  { feature: "rule of a block", change: ruleOfBlock },
  { feature: "rule of the options", change: ruleOfOptions },
];

const operations = ["lt", "gt", "lte", "gte", "eq", "ne", "defined", "not_defined"];
const types = ["string", "integer", "number", "version"];
const literals = ["1", "2", "10", "1.5", "1.10", "-3", "yes", "", "abc", "2.0.1"];
const roles = ["Started", "Promoted", "Unpromoted", "Stopped"];
const scores = ["INFINITY", "100", "10", "0", "-10", "-INFINITY"];

/** @param owner what an expression may name: an attribute, a parameter or a meta-attribute of it. */
function expression(cib: XmlElement, prng: Prng, id: string): XmlElement {
  const own = elementsNamed(cib, "node", "node_state").flatMap((each) =>
    elementsNamed(each, "nvpair").map((nvpair) => attribute(nvpair, "name") ?? ""),
  );
  const builtIn = ["#uname", "#id", "#kind", "#site-name", "#cluster-name", "#role"];
  const name = prng.pick([
    ...builtIn,
    "fuzz",
    "fuzz",
    ...(own.length === 0 ? [] : own.slice(0, 4)),
  ]);
  const operation = prng.pick(operations);
  const unary = operation === "defined" || operation === "not_defined";
  const node = pickFrom(nodeNames(cib), prng) ?? "node1";
  const values = name === "#kind" ? ["cluster", "remote", "container"] : [...literals, node, node];
  const source = prng.chance(0.15) ? prng.pick(["param", "meta", "literal"]) : undefined;
  const value =
    source === "meta"
      ? prng.pick(["target-role", "priority", "nothing"])
      : source === "param"
        ? prng.pick(["fuzz", "ip", "state"])
        : prng.pick(values);
  return element("expression", {
    id,
    attribute: name,
    operation,
    ...(unary ? {} : { value }),
    ...(!unary && source !== undefined ? { "value-source": source } : {}),
    ...(!unary && prng.chance(0.4) ? { type: prng.pick(types) } : {}),
  });
}

const moments = ["2001-01-01", "2010-06-15 12:00:00", "2037-01-01", "2026-001", "2024-W10-3"];
const specs: readonly Choice[] = [
  ["hours", ["0-23", "9-17", "3", "-12", "12-"]],
  ["minutes", ["0-59", "30"]],
  ["seconds", ["0-30"]],
  ["monthdays", ["1-15", "31", "1-31"]],
  ["weekdays", ["1-5", "6-7", "7"]],
  ["yearsdays", ["1-366", "200"]],
  ["yeardays", ["1-366", "200"]],
  ["months", ["1-6", "7-12", "2"]],
  ["weeks", ["1-53", "20"]],
  ["years", ["2000-2010", "2005-", "-2100", "2026"]],
  ["weekyears", ["2000-2100", "2005"]],
];
const lengths: readonly Choice[] = [
  ["years", ["1", "30"]],
  ["months", ["1", "14"]],
  ["weeks", ["2"]],
  ["days", ["1", "400"]],
  ["hours", ["36"]],
  ["minutes", ["90"]],
  ["seconds", ["59"]],
];

function chosenFrom(choices: readonly Choice[], prng: Prng): Record<string, string> {
  const made: Record<string, string> = {};
  for (let i = prng.between(1, 2); i > 0; i--) {
    const [name, values] = prng.pick(choices);
    made[name] = prng.pick(values);
  }
  return made;
}

function dateExpression(prng: Prng, id: string): XmlElement {
  const operation = prng.pick(["gt", "lt", "in_range", "in_range", "date_spec", "date_spec"]);
  const [start, end] = [prng.pick(moments), prng.pick(moments)];
  switch (operation) {
    case "gt":
      return element("date_expression", { id, operation, start });
    case "lt":
      return element("date_expression", { id, operation, end });
    case "date_spec": {
      const spec = element("date_spec", { id: `${id}-spec`, ...chosenFrom(specs, prng) });
      return element("date_expression", { id, operation }, [spec]);
    }
    default: {
      if (prng.chance(0.5)) {
        const both = prng.chance(0.7) ? { start, end } : { end };
        return element("date_expression", { id, operation, ...both });
      }
      const length = element("duration", { id: `${id}-length`, ...chosenFrom(lengths, prng) });
      return element("date_expression", { id, operation, start }, [length]);
    }
  }
}

/** Only defaults may ask for what they are defaults of. */
function defaultExpression(cib: XmlElement, prng: Prng, id: string, ofOps: boolean): XmlElement {
  const owner = pickFrom(elementsNamed(cib, "primitive"), prng);
  const op = pickFrom(elementsNamed(cib, "op"), prng);
  if (ofOps && prng.chance(0.6)) {
    const name = (op && attribute(op, "name")) ?? "monitor";
    const interval = (op && attribute(op, "interval")) ?? "10s";
    return element("op_expression", {
      id,
      name,
      ...(prng.chance(0.5) ? { interval } : {}),
    });
  }
  const agent: Record<string, string> = {};
  for (const name of ["class", "provider", "type"]) {
    const value = owner && attribute(owner, name);
    if (value !== undefined && prng.chance(0.6)) agent[name] = value;
  }
  return element("rsc_expression", { id, ...agent });
}

type RuleOptions = {
  readonly cib: XmlElement;
  readonly prng: Prng;
  readonly id: string;
  /** What its expressions are, besides dates. */
  readonly expressions: readonly ((id: string) => XmlElement)[];
  readonly depth?: number;
};

function rule(options: RuleOptions): XmlElement {
  const { prng, id, expressions, depth = 0 } = options;
  const parts = Array.from({ length: prng.between(1, 3) }, (_, index) => {
    const part = `${id}-${index}`;
    if (depth < 2 && prng.chance(0.15)) return rule({ ...options, id: part, depth: depth + 1 });
    if (prng.chance(expressions.length === 0 ? 1 : 0.3)) return dateExpression(prng, part);
    return prng.pick(expressions)(part);
  });
  return element(
    "rule",
    { id, ...(prng.chance(0.6) ? { "boolean-op": prng.pick(["and", "or"]) } : {}) },
    parts,
  );
}

function addLocation(cib: XmlElement, prng: Prng): XmlElement {
  const rsc = pickFrom(topResources(cib), prng);
  if (rsc === undefined) return cib;
  const id = freshId(cib, "fuzz-location-rule");
  const made = rule({ cib, prng, id, expressions: [(part) => expression(cib, prng, part)] });
  const scored = withAttributes(made, {
    ...(prng.chance(0.15) ? { "score-attribute": "fuzz" } : { score: prng.pick(scores) }),
    ...(prng.chance(0.25) ? { role: prng.pick(roles) } : {}),
  });
  return inSection(cib, "constraints", (section) =>
    withChildren(section, [
      ...section.children,
      element("rsc_location", { id: `${id}-constraint`, rsc: idOf(rsc) }, [scored]),
    ]),
  );
}

/** A location's rule gets one more condition. */
function narrowRule(cib: XmlElement, prng: Prng): XmlElement {
  return changeOne(cib, ["rule"], prng, (old) => {
    const id = freshId(cib, `${idOf(old)}-more`);
    const more = prng.chance(0.4) ? dateExpression(prng, id) : expression(cib, prng, id);
    return withChildren(old, [...old.children, more]);
  });
}

function changeRule(cib: XmlElement, prng: Prng): XmlElement {
  const change = prng.pick([
    { "boolean-op": prng.pick(["and", "or"]) },
    { score: prng.pick(scores), "score-attribute": undefined },
    { "score-attribute": "fuzz", score: undefined },
    { role: prng.pick(roles) },
  ]);
  return setOnOne(cib, ["rule"], change, prng);
}

function changeExpression(cib: XmlElement, prng: Prng): XmlElement {
  return changeOne(cib, ["expression", "date_expression"], prng, (old) =>
    old.name === "expression"
      ? withAttributes(expression(cib, prng, idOf(old)), {
          attribute: attribute(old, "attribute"),
        })
      : dateExpression(prng, idOf(old)),
  );
}

const resourceDefaults: readonly Choice[] = [
  ["resource-stickiness", ["50", "INFINITY"]],
  ["target-role", ["Stopped", "Started"]],
  ["is-managed", ["false"]],
  ["migration-threshold", ["1"]],
  ["priority", ["7"]],
  ["failure-timeout", ["1"]],
];
const operationDefaults: readonly Choice[] = [
  ["on-fail", ["ignore", "block", "stop", "standby", "fence"]],
  ["timeout", ["33s", "2min"]],
  ["enabled", ["false"]],
  ["start-delay", ["5s"]],
];

function ruleOfDefault(cib: XmlElement, prng: Prng): XmlElement {
  const ofOps = prng.chance(0.5);
  const name = ofOps ? "op_defaults" : "rsc_defaults";
  const id = freshId(cib, `fuzz-${name}`);
  const made = rule({
    cib,
    prng,
    id: `${id}-rule`,
    expressions: [(part) => defaultExpression(cib, prng, part, ofOps)],
  });
  const [option, values] = prng.pick(ofOps ? operationDefaults : resourceDefaults);
  const block = element(
    "meta_attributes",
    { id, ...(prng.chance(0.4) ? { score: prng.pick(["10", "INFINITY", "-5"]) } : {}) },
    [made, pair(`${id}-pair`, option, prng.pick(values))],
  );
  return inSection(cib, name, (old) =>
    withChildren(old, prng.chance(0.5) ? [...old.children, block] : [block, ...old.children]),
  );
}

function ruleOfOperation(cib: XmlElement, prng: Prng): XmlElement {
  return changeOne(cib, ["op"], prng, (old) => {
    const parameters = prng.chance(0.3);
    const id = freshId(cib, "fuzz-op-block");
    const expressions = parameters ? [(part: string) => expression(cib, prng, part)] : [];
    const [option, values] = prng.pick(operationDefaults);
    const nvpair = parameters
      ? pair(`${id}-pair`, "fuzz", prng.pick(["1", "2"]))
      : pair(`${id}-pair`, option, prng.pick(values));
    const rules = prng.chance(0.6) ? [rule({ cib, prng, id: `${id}-rule`, expressions })] : [];
    const kind = parameters ? "instance_attributes" : "meta_attributes";
    return withChildren(old, [...old.children, element(kind, { id }, [...rules, nvpair])]);
  });
}

/** A second block beside the one that is there, each with its score: which of them counts? */
function ruleOfBlock(cib: XmlElement, prng: Prng): XmlElement {
  return changeOne(cib, ["primitive", "node", "group", "clone"], prng, (old) => {
    const blocks = ["instance_attributes", "meta_attributes", "utilization"];
    const kind =
      old.name === "node"
        ? prng.pick(["instance_attributes", "utilization"])
        : old.name === "primitive"
          ? prng.pick(blocks)
          : "meta_attributes";
    const id = freshId(cib, "fuzz-block");
    const [option, values] =
      kind === "meta_attributes"
        ? prng.pick(resourceDefaults)
        : (["fuzz", ["1", "2", "3"]] as const);
    const expressions =
      kind === "meta_attributes" ? [] : [(part: string) => expression(cib, prng, part)];
    const block = element(kind, { id, score: prng.pick(["1", "5", "-INFINITY"]) }, [
      rule({ cib, prng, id: `${id}-rule`, expressions }),
      pair(`${id}-pair`, option, prng.pick(values)),
    ]);
    return withChildren(
      old,
      prng.chance(0.5) ? [block, ...old.children] : [...old.children, block],
    );
  });
}

function ruleOfOptions(cib: XmlElement, prng: Prng): XmlElement {
  const set = pickFrom(elementsNamed(cib, "cluster_property_set"), prng);
  if (set === undefined) return cib;
  const id = freshId(cib, "fuzz-options");
  const option = prng.pick([
    ["no-quorum-policy", "freeze"],
    ["stop-all-resources", "true"],
    ["maintenance-mode", "true"],
    ["symmetric-cluster", "false"],
  ] as const);
  const block = element("cluster_property_set", { id, score: prng.pick(["5", "-5"]) }, [
    rule({ cib, prng, id: `${id}-rule`, expressions: [] }),
    pair(`${id}-pair`, option[0], option[1]),
  ]);
  return replaceElement(cib, set, (old) => (prng.chance(0.5) ? [old, block] : [block, old]));
}
