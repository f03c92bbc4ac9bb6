/**
 * Resources that wait for each other to start, by orders that must be kept: none of them ever starts. Groups count with the
 * order of their members; orders of other actions than starts are left out, as they may be meant so.
 */
import { parseScore } from "../../../decision/score.ts";
import { attribute, childrenNamed, type XmlElement } from "../../../formats/xml/xml-element.ts";
import type { SchemaFinding } from "../schema/finding.ts";
import { sectionChildren, sectionOf } from "../sections.ts";
import { findById } from "../tree.ts";
import { circles } from "./circles.ts";
import { type Doubts, doubt } from "./doubts.ts";

export function orderCircles(cib: XmlElement): readonly SchemaFinding[] {
  const on: Graph = { next: new Map(), by: new Map() };
  const resources = sectionOf(cib, "resources");
  for (const each of resources?.children ?? []) addResource(on, each);
  const orders = sectionChildren(cib, "constraints").filter(({ name }) => name === "rsc_order");
  for (const order of orders) if (isMandatory(order)) addOrder(on, cib, order);
  const doubts: Doubts = [];
  for (const circle of circles(on.next)) report(doubts, on, circle);
  return doubts;
}

/** A node is the beginning or the end of a resource's start, or of a set of resources. */
type Graph = {
  readonly next: Map<string, string[]>;
  /** The constraint that an edge comes from. */
  readonly by: Map<string, XmlElement>;
};

function edge(on: Graph, from: string, to: string, by?: XmlElement): void {
  const followers = on.next.get(from);
  if (followers === undefined) on.next.set(from, [to]);
  else followers.push(to);
  if (!on.next.has(to)) on.next.set(to, []);
  if (by !== undefined) on.by.set(`${from} ${to}`, by);
}

const begin = (id: string): string => `begin ${id}`;
const end = (id: string): string => `end ${id}`;

/** A group's members start one after another, what is in a clone or bundle within it. */
function addResource(on: Graph, of: XmlElement): void {
  const id = attribute(of, "id") ?? "";
  edge(on, begin(id), end(id));
  let before = begin(id);
  for (const child of of.children) {
    if (child.name !== "primitive" && child.name !== "group") continue;
    const inner = attribute(child, "id") ?? "";
    addResource(on, child);
    edge(on, before, begin(inner));
    edge(on, end(inner), end(id));
    if (of.name === "group") before = end(inner);
  }
}

function isMandatory(order: XmlElement): boolean {
  const kind = attribute(order, "kind");
  if (kind !== undefined) return kind === "Mandatory";
  const score = attribute(order, "score");
  return score === undefined || (parseScore(score) ?? 0) > 0;
}

function addOrder(on: Graph, cib: XmlElement, order: XmlElement): void {
  const [first, then] = [attribute(order, "first"), attribute(order, "then")];
  if (first !== undefined && then !== undefined) {
    const actions = ["first-action", "then-action"].map(
      (name) => attribute(order, name) ?? "start",
    );
    if (actions.every((action) => action === "start")) edge(on, end(first), begin(then), order);
    return;
  }
  let before: string | undefined;
  for (const given of childrenNamed(order, "resource_set")) {
    const reference = attribute(given, "id-ref");
    const set = reference === undefined ? given : findById(cib, reference);
    if (set === undefined || (attribute(set, "action") ?? "start") !== "start") continue;
    const id = `${attribute(order, "id")}/${attribute(set, "id")}`;
    addSet(on, set, { id, order });
    if (before !== undefined) edge(on, end(before), begin(id), order);
    before = id;
  }
}

function addSet(
  on: Graph,
  set: XmlElement,
  { id, order }: { readonly id: string; readonly order: XmlElement },
): void {
  edge(on, begin(id), end(id));
  let before: string | undefined;
  for (const reference of childrenNamed(set, "resource_ref")) {
    const member = attribute(reference, "id") ?? "";
    edge(on, begin(id), begin(member), order);
    edge(on, end(member), end(id), order);
    if (before !== undefined) edge(on, end(before), begin(member), order);
    if (attribute(set, "sequential") !== "false") before = member;
  }
}

function report(doubts: Doubts, on: Graph, circle: readonly string[]): void {
  const inside = new Set(circle);
  const orders = new Set<XmlElement>();
  for (const from of circle) {
    for (const to of on.next.get(from) ?? []) {
      const order = inside.has(to) ? on.by.get(`${from} ${to}`) : undefined;
      if (order !== undefined) orders.add(order);
    }
  }
  const [first] = orders;
  if (first === undefined) return;
  const names = circle.map((node) => node.slice(node.indexOf(" ") + 1));
  const resources = [...new Set(names)].filter((name) => !name.includes("/")).sort();
  const list = (words: readonly string[]): string =>
    words.length > listMax ? `${words.slice(0, listMax).join(", ")} …` : words.join(", ");
  const ids = [...orders].map((order) => attribute(order, "id") ?? "").sort();
  const what =
    resources.length === 1
      ? `${resources[0]} waits for itself`
      : `${list(resources)} wait for each other`;
  doubt(doubts, first, `${what} to start (${list(ids)}): none of them ever does`);
}

const listMax = 10;
