/** Two states with the same key go on in the same way: times and ids count by their order only. */
import { sectionOf } from "../../src/core/cib/sections.ts";
import { attribute, descendants, type XmlElement } from "../../src/formats/xml/xml-element.ts";
import type { ExploredState, Side, Work } from "./explored-state.ts";

/** They name the transition that asked: no decision depends on it. */
const forgotten: ReadonlySet<string> = new Set(["transition-key", "transition-magic"]);
const counted: ReadonlySet<string> = new Set(["call-id", "last-rc-change"]);

export function stateKey(state: ExploredState): string {
  const { nodes, executing, works, sides, isolated, faultsLeft } = state;
  const numbers = new Map(sides.map(({ dc, run }) => [run?.number ?? 0, dc]));
  return JSON.stringify([
    [...nodes].map(([name, { isOn, history }]) => [
      ...[name, isOn],
      ...history.map(({ resource, action, intervalMs, rc }) => [resource, action, intervalMs, rc]),
    ]),
    [...executing].map(([resource, where]) => [resource, [...where].sort()]),
    works.map((work) => workKey(work, numbers)).sort(),
    sides.map(sideKey),
    ...[isolated, faultsLeft],
  ]);
}

function workKey({ node, action, transition }: Work, numbers: ReadonlyMap<number, string>): string {
  return [action.key, action.node?.name, node, numbers.get(transition) ?? "old"].join(" ");
}

function sideKey({ dc, members, cib, run }: Side): unknown {
  const doing = run && [
    run.isHalted,
    ...run.graph.synapses.map(({ action }) => {
      const state = run.done.has(action.id) ? "done" : run.begun.has(action.id) ? "begun" : "";
      return [action.key, action.node?.name, state];
    }),
  ];
  return [dc, members, doing, attribute(cib, "have-quorum"), statusKey(cib)];
}

function statusKey(cib: XmlElement): string {
  const status = sectionOf(cib, "status");
  if (status === undefined) return "";
  const ranks = ranksOf(status);
  const text = (each: XmlElement): string => {
    const pairs = Object.entries(each.attributes)
      .filter(([name]) => !forgotten.has(name))
      .map(([name, value]) => `${name}=${isCounted(each, name) ? ranks.get(value) : value}`);
    return `<${each.name} ${pairs.join(" ")}>${each.children.map(text).join("")}`;
  };
  return text(status);
}

function ranksOf(status: XmlElement): ReadonlyMap<string, number> {
  const values = new Set<string>();
  for (const each of descendants(status)) {
    for (const [name, value] of Object.entries(each.attributes)) {
      if (isCounted(each, name)) values.add(value);
    }
  }
  const sorted = [...values].sort((a, b) => Number(a) - Number(b));
  return new Map(sorted.map((value, rank) => [value, rank]));
}

function isCounted(each: XmlElement, name: string): boolean {
  if (counted.has(name)) return true;
  return name === "value" && (attribute(each, "name") ?? "").startsWith("last-failure-");
}
