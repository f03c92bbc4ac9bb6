/**
 * A valid CIB -> one without the forms that Pacemaker 4.0's schema has no more: what `cibadmin --upgrade` asks for.
 * Unlike the stock upgrade it takes out no resource (of class upstart or nagios, of rkt): a notice says that
 * nothing here runs them.
 */
import {
  attribute,
  withAttributes,
  withChildren,
  type XmlElement,
} from "../../../formats/xml/xml-element.ts";
import type { CibNotice } from "../notice.ts";
import { sameXml } from "../tree.ts";
import { latestConstraint, pingNodeBans } from "./latest-constraints.ts";
import { note, type Translation } from "./translation.ts";
import type { UpgradedCib } from "./upgrade-cib.ts";

const renamedOptions: Readonly<Record<string, string>> = {
  "crmd-integration-timeout": "join-integration-timeout",
  "crmd-finalization-timeout": "join-finalization-timeout",
  "crmd-transition-delay": "transition-delay",
};

/** Pairs without effect, by the set they stand in. */
const droppedPairs: Readonly<Record<string, readonly string[]>> = {
  cluster_property_set: ["remove-after-stop"],
  meta_attributes: ["restart-type", "can_fail", "role_after_failure"],
};

const noAgent: ReadonlySet<string> = new Set(["upstart", "nagios"]);

export function latestForm(cib: XmlElement): UpgradedCib {
  const notices: CibNotice[] = [];
  const on: Translation = {
    old: false,
    partial: false,
    setOfPair: new Map(),
    stickiness: 0,
    notices,
    moved: [],
  };
  const [latest = cib] = visit(on, cib);
  return { cib: sameXml(latest, cib) ? cib : latest, notices };
}

/** Children first; none when the element is dropped, several when it is split. */
function visit(on: Translation, of: XmlElement): readonly XmlElement[] {
  if (of.name === "status") return [of];
  const bans = of.name === "configuration" ? pingNodeBans(of) : [];
  const children = of.children.flatMap((child) => {
    const visited = visit(on, child);
    if (child.name !== "constraints" || bans.length === 0) return visited;
    return visited.map((each) => withChildren(each, [...each.children, ...bans]));
  });
  return itself(on, withChildren(of, children));
}

function itself(on: Translation, of: XmlElement): readonly XmlElement[] {
  switch (of.name) {
    case "cluster_property_set":
    case "meta_attributes":
    case "instance_attributes":
    case "utilization":
      return [latestSet(on, of)];
    case "master":
      return [latestClone(on, of)];
    case "node":
      return [latestNode(on, of)];
    case "date_spec":
    case "duration":
      return [withoutMoon(on, of)];
    case "fencing-level":
      return latestLevel(on, of);
    case "rsc_location":
    case "rsc_colocation":
    case "rsc_order":
      return latestConstraint(on, of);
    case "primitive":
    case "template":
    case "rkt":
      noteWithoutAgent(on, of);
      return [of];
    default:
      return [of];
  }
}

function latestSet(on: Translation, set: XmlElement): XmlElement {
  return withChildren(
    set,
    set.children.flatMap((pair) => {
      if (pair.name !== "nvpair" || attribute(pair, "id-ref") !== undefined) return [pair];
      const [name, value] = [attribute(pair, "name") ?? "", attribute(pair, "value")];
      if (value === undefined)
        return dropped(on, pair, name, "A pair without a value sets nothing.");
      const gone = Object.hasOwn(droppedPairs, set.name) && droppedPairs[set.name]?.includes(name);
      if (gone) return dropped(on, pair, `${name}=${value}`, "Nothing reads it any more.");
      if (set.name !== "cluster_property_set") return [pair];
      return [latestOption(on, pair, { name, value })];
    }),
  );
}

function latestOption(
  on: Translation,
  pair: XmlElement,
  { name, value }: { readonly name: string; readonly value: string },
): XmlElement {
  const today = Object.hasOwn(renamedOptions, name) ? renamedOptions[name] : undefined;
  if (today !== undefined) {
    note(on, "HF4101", {
      of: pair,
      from: name,
      to: today,
      why: "The option has another name today.",
    });
    return withAttributes(pair, { name: today });
  }
  if (name !== "stonith-action" || value !== "poweroff") return pair;
  const [from, to] = ["stonith-action=poweroff", "stonith-action=off"];
  note(on, "HF4107", { of: pair, from, to, why: "It is called so today." });
  return withAttributes(pair, { value: "off" });
}

function latestClone(on: Translation, master: XmlElement): XmlElement {
  const id = attribute(master, "id") ?? "";
  const why = "It is a clone whose instances can be promoted.";
  note(on, "HF4110", { of: master, from: "<master>", to: "<clone> with promotable=true", why });
  const pair = {
    name: "nvpair",
    attributes: { id: `${id}-promotable`, name: "promotable", value: "true" },
    children: [],
  };
  const set = {
    name: "meta_attributes",
    attributes: { id: `${id}-promotable-meta_attributes`, score: "INFINITY" },
    children: [pair],
  };
  return { ...master, name: "clone", children: [set, ...master.children] };
}

function latestNode(on: Translation, node: XmlElement): XmlElement {
  if (attribute(node, "type") !== "ping") return node;
  const why = "A node that only answers pings runs nothing: it is a member where nothing may run.";
  note(on, "HF4107", {
    of: node,
    from: "type=ping",
    to: "type=member and a ban of every resource",
    why,
  });
  return withAttributes(node, { type: "member" });
}

function withoutMoon(on: Translation, spec: XmlElement): XmlElement {
  const moon = attribute(spec, "moon");
  if (moon === undefined) return spec;
  note(on, "HF4109", {
    of: spec,
    from: `moon=${moon}`,
    to: "",
    why: "Phases of the moon are not known.",
  });
  return withAttributes(spec, { moon: undefined });
}

function latestLevel(on: Translation, level: XmlElement): readonly XmlElement[] {
  const index = attribute(level, "index") ?? "";
  if (Number(index) <= 9) return [level];
  return dropped(on, level, `index=${index}`, "Only levels 1 to 9 are ever tried.");
}

function dropped(
  on: Translation,
  of: XmlElement,
  from: string,
  why: string,
): readonly XmlElement[] {
  note(on, "HF4109", { of, from, to: "", why });
  return [];
}

function noteWithoutAgent(on: Translation, of: XmlElement): void {
  const kind = of.name === "rkt" ? "rkt" : (attribute(of, "class") ?? "");
  if (kind !== "rkt" && !noAgent.has(kind)) return;
  const why =
    "Nothing here runs it: it stays configured, and will fail. Take it out or give it another agent.";
  note(on, "HF4109", { of, from: kind, to: kind, why });
}
