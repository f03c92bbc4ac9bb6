/**
 * Moves and bans by a command that have ended: their time is over, or a move is done. Only those that name their owner
 * are meant (core/cib/edit/cli-constraints.ts); what Pacemaker's tools have left is left to people.
 */
import { compareText } from "../../base/compare.ts";
import type { WallTime } from "../../base/time.ts";
import { parseWallTime } from "../../formats/cib/iso8601-date.ts";
import { attribute, descendants, element, type XmlElement } from "../../formats/xml/xml-element.ts";
import type { CibChange } from "../cib/change.ts";
import { cliConstraints, endOf, markOf, nodeOf } from "../cib/edit/cli-constraints.ts";
import { nodeNamed } from "../cib/read/nodes.ts";
import { findResource } from "../cib/read/resource-lookup.ts";
import { activeNodes } from "./active-nodes.ts";

export type EndedMove = {
  readonly change: CibChange;
  /** A sentence. */
  readonly message: string;
};

/**
 * @param isSettledBy whether nothing would move in that CIB: what a move has done would be undone at once where
 *   another constraint wants the resource back, so it holds until its time is over.
 */
export function endedMoves(
  cib: XmlElement,
  now: WallTime,
  isSettledBy: (cib: XmlElement) => boolean,
): readonly EndedMove[] {
  return cliConstraints(cib).flatMap((each) => {
    const mark = markOf(each);
    if (mark === undefined) return [];
    const resource = attribute(each, "rsc") ?? "";
    const end = parseWallTime(endOf(each) ?? "");
    const isOver = end !== undefined && end <= now;
    const isDone =
      !isOver && mark.isOnce && isFulfilled(cib, each) && isSettledBy(without(cib, each));
    if (!isOver && !isDone) return [];
    const what = `${isBan(each) ? "The ban" : "The move"} of ${resource} by ${mark.owner}`;
    const how = isDone ? "is done" : "is over, since its time has passed";
    const message = `${what} ${how}: its constraint was taken out.`;
    return [{ change: deletion(each), message }];
  });
}

/** When the next of them ends by its time, as a wall time; never: infinity. */
export function nextEnd(cib: XmlElement, now: WallTime): number {
  const ends = cliConstraints(cib)
    .filter((each) => markOf(each) !== undefined)
    .map((each) => parseWallTime(endOf(each) ?? "") ?? Number.POSITIVE_INFINITY);
  return Math.min(Number.POSITIVE_INFINITY, ...ends.filter((end) => end > now));
}

/** All of the resource is where the move wants it; after a ban: somewhere else. */
function isFulfilled(cib: XmlElement, constraint: XmlElement): boolean {
  const found = findResource(cib, attribute(constraint, "rsc") ?? "");
  const node = nodeNamed(cib, nodeOf(constraint) ?? "")?.id;
  if (found === undefined || node === undefined) return false;
  const active = activeNodes(cib);
  const primitives = [...descendants(found.element)].filter(({ name }) => name === "primitive");
  return primitives.every((primitive) => {
    const places = [...(active.get(attribute(primitive, "id") ?? "") ?? [])].sort(compareText);
    const [place] = places;
    if (places.length !== 1 || place === undefined) return false;
    return isBan(constraint) ? place !== node : place === node;
  });
}

function isBan(constraint: XmlElement): boolean {
  return attribute(constraint, "id")?.startsWith("cli-ban-") === true;
}

function without(cib: XmlElement, constraint: XmlElement): XmlElement {
  const leftOut = (of: XmlElement, name: string): XmlElement => ({
    ...of,
    children: of.children.flatMap((each) => {
      if (each === constraint) return [];
      return each.name === name ? [leftOut(each, "constraints")] : [each];
    }),
  });
  return leftOut(cib, "configuration");
}

function deletion(constraint: XmlElement): CibChange {
  const id = attribute(constraint, "id") ?? "";
  return { kind: "delete", at: { section: "constraints" }, xml: element("rsc_location", { id }) };
}
