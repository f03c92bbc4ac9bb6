/** What must hold in every state, and in those in which nobody wants anything more. */
import { sectionOf } from "../../src/core/cib/sections.ts";
import { activeNodes } from "../../src/core/controller/active-nodes.ts";
import { attribute, descendants, type XmlElement } from "../../src/formats/xml/xml-element.ts";
import type { ExploredState, Side } from "./explored-state.ts";

/** @returns a sentence if a law is broken. */
export function brokenLaw(state: ExploredState, guests: readonly string[]): string | undefined {
  for (const [resource, nodes] of state.executing) {
    if (nodes.length > 1) return `${resource} executes on ${nodes.join(" and ")}`;
  }
  if (!isResting(state)) return undefined;
  for (const side of state.sides) {
    const wrong = guests.map((guest) => brokenAtRest(state, side, guest)).find(Boolean);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

/** Nothing is under way, and nobody wants anything. */
export function isResting({ works, sides }: ExploredState): boolean {
  return works.length === 0 && sides.every(({ run }) => run === undefined);
}

function brokenAtRest(
  { executing, isolated }: ExploredState,
  { dc, members, cib }: Side,
  guest: string,
): string | undefined {
  const active = activeNodes(cib).get(guest);
  const where = executing.get(guest) ?? [];
  // Of a node that is lost nothing is known.
  const believed = members.filter((name) => active?.has(name) === true);
  const here = members.filter((name) => where.includes(name));
  if (believed.join() !== here.join()) {
    return `${guest} executes on ${here.join() || "none"} of those that follow ${dc}, which believes ${believed.join() || "none"}`;
  }
  const mayRun = isolated === undefined && attribute(cib, "have-quorum") === "1";
  if (mayRun && where.length === 0 && !hasFailed(cib))
    return `${guest} is down, and nothing is wrong`;
  return undefined;
}

function hasFailed(cib: XmlElement): boolean {
  const status = sectionOf(cib, "status");
  if (status === undefined) return false;
  return [...descendants(status)].some((each) =>
    (attribute(each, "id") ?? "").endsWith("_last_failure_0"),
  );
}
