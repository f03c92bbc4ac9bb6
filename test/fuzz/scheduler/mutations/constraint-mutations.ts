/** Constraints: new ones of every kind, and changes of those that are there. */
import type { Prng } from "../../../../src/base/prng.ts";
import {
  attribute,
  element,
  withAttributes,
  withChildren,
  type XmlElement,
} from "../../../../src/formats/xml/xml-element.ts";
import {
  changeOne,
  freshId,
  idOf,
  inSection,
  type Mutation,
  nodeNames,
  pickFrom,
  replaceElement,
  setOnOne,
  topResources,
} from "./change-tree.ts";

const scores = ["INFINITY", "100", "1", "-1", "-100", "-INFINITY"];
const roles = ["Started", "Promoted", "Unpromoted", "Stopped"];
const actions = ["start", "stop", "promote", "demote"];
const kinds = ["Mandatory", "Optional", "Serialize"];
const all = ["rsc_location", "rsc_order", "rsc_colocation", "rsc_ticket"];

export const constraintMutations: readonly Mutation[] = [
  {
    feature: "constraint removed",
    change: (cib, prng) => changeOne(cib, [prng.pick(all)], prng, () => "removed"),
  },
  { feature: "constraint score", change: changeScore },
  { feature: "location", change: addLocation },
  {
    feature: "location",
    change: (cib, prng) =>
      setOnOne(
        cib,
        ["rsc_location"],
        { "resource-discovery": prng.pick(["never", "exclusive", "always"]) },
        prng,
      ),
  },
  { feature: "location rule", change: addLocationRule },
  { feature: "order", change: addOrder },
  { feature: "order", change: addOrder },
  { feature: "order", change: changeOrder },
  { feature: "colocation", change: addColocation },
  { feature: "colocation", change: addColocation },
  { feature: "colocation", change: changeColocation },
  { feature: "set", change: addSets },
  { feature: "set", change: changeSet },
  { feature: "ticket", change: addTicket },
  { feature: "ticket", change: changeTicket },
  { feature: "topology", change: addLevel },
];

function changeScore(cib: XmlElement, prng: Prng): XmlElement {
  return changeOne(cib, ["rsc_location", "rsc_colocation", "rule"], prng, (old) =>
    attribute(old, "score") === undefined ? old : withAttributes(old, { score: prng.pick(scores) }),
  );
}

function add(cib: XmlElement, made: XmlElement): XmlElement {
  return inSection(cib, "constraints", (section) => {
    const id = freshId(section, "fuzz-constraint");
    return withChildren(section, [...section.children, withAttributes(made, { id })]);
  });
}

/** Mostly a resource of the top, sometimes what is inside one. */
function someId(cib: XmlElement, prng: Prng): string | undefined {
  const top = pickFrom(topResources(cib), prng);
  if (top === undefined) return undefined;
  const inside = top.children.filter(({ name }) => ["primitive", "group"].includes(name));
  return idOf(prng.chance(0.2) ? (pickFrom(inside, prng) ?? top) : top);
}

function twoIds(cib: XmlElement, prng: Prng): readonly [string, string] | undefined {
  const [a, b] = [someId(cib, prng), someId(cib, prng)];
  return a === undefined || b === undefined || a === b ? undefined : [a, b];
}

function addLocation(cib: XmlElement, prng: Prng): XmlElement {
  const [rsc, node] = [someId(cib, prng), pickFrom(nodeNames(cib), prng)];
  if (rsc === undefined || node === undefined) return cib;
  const discovery = prng.chance(0.25)
    ? { "resource-discovery": prng.pick(["never", "exclusive"]) }
    : {};
  const role = prng.chance(0.2) ? { role: prng.pick(roles) } : {};
  const whom = prng.chance(0.15)
    ? { "rsc-pattern": prng.pick([`^${rsc.slice(0, 3)}`, `!^${rsc.slice(0, 2)}`]) }
    : { rsc };
  return add(
    cib,
    element("rsc_location", { ...whom, node, score: prng.pick(scores), ...discovery, ...role }),
  );
}

function addLocationRule(cib: XmlElement, prng: Prng): XmlElement {
  const [rsc, node] = [someId(cib, prng), pickFrom(nodeNames(cib), prng)];
  if (rsc === undefined || node === undefined) return cib;
  const id = freshId(cib, "fuzz-rule");
  const expressions = [
    element("expression", {
      id: `${id}-0`,
      attribute: "#uname",
      operation: prng.pick(["eq", "ne"]),
      value: node,
    }),
    element("expression", { id: `${id}-1`, attribute: "#kind", operation: "ne", value: "remote" }),
    element("expression", {
      id: `${id}-2`,
      attribute: "fuzz",
      operation: prng.pick(["defined", "not_defined"]),
    }),
    element("date_expression", {
      id: `${id}-3`,
      operation: "gt",
      start: prng.pick(["2001-01-01", "2037-01-01"]),
    }),
  ];
  const chosen = expressions.filter(() => prng.chance(0.4));
  const conditions = chosen.length === 0 ? expressions.slice(0, 1) : chosen;
  const rule = element(
    "rule",
    {
      id,
      score: prng.pick(scores),
      "boolean-op": prng.pick(["and", "or"]),
      ...(prng.chance(0.25) ? { role: prng.pick(roles) } : {}),
    },
    conditions,
  );
  return add(cib, element("rsc_location", { rsc }, [rule]));
}

function addOrder(cib: XmlElement, prng: Prng): XmlElement {
  const ids = twoIds(cib, prng);
  if (ids === undefined) return cib;
  const ends = [["first", ids[0]] as const, ["then", ids[1]] as const];
  return add(
    cib,
    element("rsc_order", {
      ...Object.fromEntries(ends),
      kind: prng.pick(kinds),
      ...(prng.chance(0.3) ? { "first-action": prng.pick(actions) } : {}),
      ...(prng.chance(0.3) ? { "then-action": prng.pick(actions) } : {}),
      ...(prng.chance(0.2) ? { symmetrical: "false" } : {}),
      ...(prng.chance(0.1) ? { "require-all": "false" } : {}),
    }),
  );
}

function changeOrder(cib: XmlElement, prng: Prng): XmlElement {
  const change = prng.pick([
    { kind: prng.pick(kinds) },
    { symmetrical: prng.pick(["true", "false"]) },
    { "first-action": prng.pick(actions) },
    { "then-action": prng.pick(actions) },
    { "require-all": "false" },
    { score: prng.pick(["0", "INFINITY"]), kind: undefined },
  ]);
  return setOnOne(cib, ["rsc_order"], change, prng);
}

function addColocation(cib: XmlElement, prng: Prng): XmlElement {
  const ids = twoIds(cib, prng);
  if (ids === undefined) return cib;
  return add(
    cib,
    element("rsc_colocation", {
      rsc: ids[0],
      "with-rsc": ids[1],
      score: prng.pick(scores),
      ...(prng.chance(0.25) ? { "rsc-role": prng.pick(roles) } : {}),
      ...(prng.chance(0.25) ? { "with-rsc-role": prng.pick(roles) } : {}),
      ...(prng.chance(0.15) ? { influence: prng.pick(["true", "false"]) } : {}),
      ...(prng.chance(0.1) ? { "node-attribute": "fuzz" } : {}),
    }),
  );
}

function changeColocation(cib: XmlElement, prng: Prng): XmlElement {
  const change = prng.pick([
    { score: prng.pick(scores) },
    { "rsc-role": prng.pick(roles) },
    { "with-rsc-role": prng.pick(roles) },
    { influence: "false" },
    { "node-attribute": "fuzz" },
  ]);
  return setOnOne(cib, ["rsc_colocation"], change, prng);
}

function resourceSet(cib: XmlElement, prng: Prng, id: string): XmlElement {
  const ids = new Set<string>();
  for (let i = prng.between(1, 3); i > 0; i--) ids.add(someId(cib, prng) ?? "");
  const flags: Record<string, string> = {};
  if (prng.chance(0.4)) flags["sequential"] = prng.pick(["true", "false"]);
  if (prng.chance(0.2)) flags["require-all"] = prng.pick(["true", "false"]);
  if (prng.chance(0.25)) flags["role"] = prng.pick(roles);
  if (prng.chance(0.25)) flags["action"] = prng.pick(actions);
  return element(
    "resource_set",
    { id, ...flags },
    [...ids].map((each) => element("resource_ref", { id: each })),
  );
}

function addSets(cib: XmlElement, prng: Prng): XmlElement {
  if (topResources(cib).length < 2) return cib;
  const base = freshId(cib, "fuzz-set");
  const sets = Array.from({ length: prng.between(1, 3) }, (_, index) =>
    resourceSet(cib, prng, `${base}-${index}`),
  );
  switch (prng.below(4)) {
    case 0:
      return add(cib, element("rsc_colocation", { score: prng.pick(scores) }, sets));
    case 1:
      return add(cib, element("rsc_ticket", { ticket: "fuzz", "loss-policy": "stop" }, sets));
    case 2: {
      const node = pickFrom(nodeNames(cib), prng);
      if (node === undefined) return cib;
      return add(
        cib,
        element("rsc_location", { node, score: prng.pick(scores) }, sets.slice(0, 1)),
      );
    }
    default:
      return add(cib, element("rsc_order", { kind: prng.pick(kinds) }, sets));
  }
}

function changeSet(cib: XmlElement, prng: Prng): XmlElement {
  const change = prng.pick([
    { sequential: prng.pick(["true", "false"]) },
    { "require-all": prng.pick(["true", "false"]) },
    { role: prng.pick(roles) },
    { action: prng.pick(actions) },
  ]);
  return setOnOne(cib, ["resource_set"], change, prng);
}

function addTicket(cib: XmlElement, prng: Prng): XmlElement {
  const rsc = someId(cib, prng);
  if (rsc === undefined) return cib;
  const made = element("rsc_ticket", {
    rsc,
    ticket: "fuzz",
    "loss-policy": prng.pick(["stop", "demote", "fence", "freeze"]),
    ...(prng.chance(0.4) ? { "rsc-role": prng.pick(roles) } : {}),
  });
  return grant(add(cib, made), prng, "fuzz");
}

function changeTicket(cib: XmlElement, prng: Prng): XmlElement {
  const change = prng.pick([
    { "loss-policy": prng.pick(["stop", "demote", "fence", "freeze"]) },
    { "rsc-role": prng.pick(roles) },
  ]);
  if (prng.chance(0.5)) return setOnOne(cib, ["rsc_ticket"], change, prng);
  return setOnOne(
    cib,
    ["ticket_state"],
    { granted: prng.pick(["true", "false"]), standby: prng.pick(["true", "false"]) },
    prng,
  );
}

function grant(cib: XmlElement, prng: Prng, ticket: string): XmlElement {
  const status = cib.children.find(({ name }) => name === "status");
  if (status === undefined || prng.chance(0.3)) return cib;
  const state = element("ticket_state", {
    id: ticket,
    granted: prng.pick(["true", "false"]),
    standby: prng.pick(["false", "false", "true"]),
    "last-granted": "1300000000",
  });
  return replaceElement(cib, status, (old) => {
    const tickets = old.children.find(({ name }) => name === "tickets");
    if (tickets === undefined)
      return withChildren(old, [...old.children, element("tickets", {}, [state])]);
    const others = tickets.children.filter((each) => idOf(each) !== ticket);
    return replaceElement(old, tickets, (each) => withChildren(each, [...others, state]));
  });
}

function addLevel(cib: XmlElement, prng: Prng): XmlElement {
  const node = pickFrom(nodeNames(cib), prng);
  const device = pickFrom(
    topResources(cib).filter((each) => attribute(each, "class") === "stonith"),
    prng,
  );
  if (node === undefined || device === undefined) return cib;
  return inSection(cib, "fencing-topology", (old) => {
    const level = element("fencing-level", {
      id: freshId(old, "fuzz-level"),
      target: node,
      index: String(old.children.length + 1),
      devices: idOf(device),
    });
    return withChildren(old, [...old.children, level]);
  });
}
