/** Resources: meta attributes gathered from where 0.6 had them, master_slave, providers. */

import { scoreOr } from "../../../decision/score.ts";
import {
  attribute,
  element,
  withAttributes,
  withChildren,
  type XmlElement,
} from "../../../formats/xml/xml-element.ts";
import { migrationThreshold } from "./failure-stickiness.ts";
import { dashed, resourceAttributes } from "./old-form.ts";
import { translateOperation } from "./old-operation.ts";
import { note, type Translation } from "./translation.ts";

/** Parameters that were meant for the cluster, not for the agent. */
const metaParameters: ReadonlySet<string> = new Set([
  "target_role",
  "resource_stickiness",
  "resource_failure_stickiness",
  "allow_migrate",
  "globally_unique",
  "clone_max",
  "clone_node_max",
  "master_max",
  "master_node_max",
  "is_managed",
]);

/** A meta attribute on its way into the resource's set. */
type Meta = { readonly name: string; readonly value: string; readonly pair?: XmlElement };

/** Expects the pairs of its sets to stand in them directly. */
export function translateResource(on: Translation, resource: XmlElement): XmlElement {
  const metas: Meta[] = [];
  let translated = withoutProvider(on, withoutExtras(on, resource, metas));
  translated = withChildren(
    translated,
    translated.children.map((child) => {
      if (child.name === "operations") return operationsToday(on, child, metas);
      if (child.name === "meta_attributes") return metaNamesToday(on, child);
      return child.name === "instance_attributes" ? withoutMeta(on, child, metas) : child;
    }),
  );
  if (translated.name === "master_slave") {
    metas.push({ name: "promotable", value: "true" });
    const why = "It is a clone whose instances can be promoted.";
    note(on, "HF4110", {
      of: resource,
      from: "<master_slave>",
      to: "<clone> with promotable=true",
      why,
    });
    translated = { ...translated, name: "clone" };
  }
  return withThreshold(on, withMetas(on, translated, metas));
}

function withoutExtras(on: Translation, resource: XmlElement, metas: Meta[]): XmlElement {
  if (!on.old) return resource;
  const extras = Object.entries(resource.attributes).filter(
    ([name]) => !resourceAttributes.has(name),
  );
  for (const [name, value] of extras) {
    metas.push({ name: dashed(name), value });
    const [from, to] = [`${name}=${value}`, `meta attribute ${dashed(name)}=${value}`];
    note(on, "HF4105", { of: resource, from, to, why: "It is a meta attribute today." });
  }
  return withAttributes(resource, Object.fromEntries(extras.map(([name]) => [name, undefined])));
}

function withoutProvider(on: Translation, resource: XmlElement): XmlElement {
  const provider = attribute(resource, "provider");
  const agentClass = attribute(resource, "class");
  if (!on.old || provider === undefined || agentClass === undefined || agentClass === "ocf") {
    return resource;
  }
  const why = `Agents of class ${agentClass} have no provider.`;
  note(on, "HF4109", { of: resource, from: `provider=${provider}`, to: "", why });
  return withAttributes(resource, { provider: undefined });
}

function operationsToday(on: Translation, operations: XmlElement, metas: Meta[]): XmlElement {
  return withChildren(
    operations,
    operations.children.map((child) => {
      if (child.name !== "op") return child;
      const { op, requires } = translateOperation(on, child);
      if (requires !== undefined) metas.push({ name: "requires", value: requires });
      return op;
    }),
  );
}

function metaNamesToday(on: Translation, set: XmlElement): XmlElement {
  if (!on.old) return set;
  return withChildren(
    set,
    set.children.map((pair) => {
      const name = attribute(pair, "name");
      if (pair.name !== "nvpair" || name === undefined || !name.includes("_")) return pair;
      const why = "Names of meta attributes are spelled with -.";
      note(on, "HF4101", { of: pair, from: name, to: metaName(name), why });
      return withAttributes(pair, { name: metaName(name) });
    }),
  );
}

function withoutMeta(on: Translation, set: XmlElement, metas: Meta[]): XmlElement {
  if (!on.old) return set;
  const isMeta = (pair: XmlElement): boolean =>
    pair.name === "nvpair" && metaParameters.has(attribute(pair, "name") ?? "");
  for (const pair of set.children.filter(isMeta)) {
    const [name, value] = [attribute(pair, "name") ?? "", attribute(pair, "value") ?? ""];
    metas.push({ name: metaName(name), value, pair });
    const [from, to] = [`parameter ${name}=${value}`, `meta attribute ${metaName(name)}=${value}`];
    const why = "It is meant for the cluster; left among the parameters it would go to the agent.";
    note(on, "HF4104", { of: pair, from, to, why });
  }
  return withChildren(
    set,
    set.children.filter((pair) => !isMeta(pair)),
  );
}

function metaName(name: string): string {
  return dashed(name).replace(/^master-(node-)?max$/, "promoted-$1max");
}

/** Into the first own set without a rule, or a new one. What such a set says already was meant so, and stays. */
function withMetas(on: Translation, resource: XmlElement, metas: readonly Meta[]): XmlElement {
  if (metas.length === 0) return resource;
  const id = attribute(resource, "id") ?? "";
  const sets = resource.children.filter((each) => each.name === "meta_attributes");
  const said = new Set(sets.flatMap((set) => set.children.map((pair) => attribute(pair, "name"))));
  const added: XmlElement[] = [];
  for (const { name, value, pair } of metas) {
    if (said.has(name)) {
      const why = "The resource has a meta attribute of this name, which counts.";
      note(on, "HF4109", { of: resource, from: `${name}=${value}`, to: "", why });
      continue;
    }
    said.add(name);
    const fresh = element("nvpair", { id: `${id}-meta_attributes-${name}`, name, value });
    added.push(pair === undefined ? fresh : withAttributes(pair, { name, value }));
  }
  if (added.length === 0) return resource;
  const plain = sets.find(
    (set) => attribute(set, "id-ref") === undefined && !set.children.some((c) => c.name === "rule"),
  );
  if (plain === undefined)
    return withChildren(resource, [...newSets(on, id, added), ...resource.children]);
  return withChildren(
    resource,
    resource.children.map((each) =>
      each === plain ? withChildren(each, [...each.children, ...added]) : each,
    ),
  );
}

/** A pair that the CIB has already goes to the set where it stands there. */
function newSets(on: Translation, id: string, pairs: readonly XmlElement[]): readonly XmlElement[] {
  const homeOf = (pair: XmlElement): string =>
    on.setOfPair.get(attribute(pair, "id") ?? "") ?? `${id}-meta_attributes`;
  const homes = [...new Set(pairs.map(homeOf))];
  return homes.map((home) =>
    element(
      "meta_attributes",
      { id: home },
      pairs.filter((pair) => homeOf(pair) === home),
    ),
  );
}

function withThreshold(on: Translation, resource: XmlElement): XmlElement {
  const stickiness = metaPairs(resource, "resource-stickiness")[0];
  const own = stickiness && attribute(stickiness, "value");
  const against = own === undefined ? on.stickiness : scoreOr(own.toUpperCase(), 0);
  return withChildren(
    resource,
    resource.children.map((set) => {
      if (set.name !== "meta_attributes") return set;
      return withChildren(
        set,
        set.children.flatMap((pair) => {
          const name = attribute(pair, "name") ?? "";
          if (dashed(name) !== "resource-failure-stickiness") return [pair];
          const value = attribute(pair, "value") ?? "";
          const threshold = migrationThreshold(value, against);
          const to = threshold === undefined ? "" : `migration-threshold=${threshold}`;
          const why =
            "Failures are counted today; location scores, which counted too, are not looked at.";
          note(on, "HF4103", { of: pair, from: `${name}=${value}`, to, why });
          if (threshold === undefined) return [];
          return [withAttributes(pair, { name: "migration-threshold", value: threshold })];
        }),
      );
    }),
  );
}

function metaPairs(resource: XmlElement, name: string): readonly XmlElement[] {
  return resource.children
    .filter((set) => set.name === "meta_attributes")
    .flatMap((set) => set.children.filter((pair) => attribute(pair, "name") === name));
}
