/** Who hears whom has changed: the sides take in who has come, and take who is not heard for lost. */
import { quorumChange } from "../../src/core/cib/status/node-state.ts";
import {
  conditionChange,
  joinChange,
  statusNode,
} from "../../src/core/controller/status-changes.ts";
import type { XmlElement } from "../../src/formats/xml/xml-element.ts";
import { changeStatus, decideAll, halt, pendingReport, secondsOf } from "./deciding.ts";
import { type Draft, type ExploredState, isReachable, type Side } from "./explored-state.ts";

/** @param winner the DC that goes on where two meet; else the one that decided before. */
export function regroup(draft: Draft, winner?: string): void {
  const before = draft.sides;
  const groups = groupsOf(draft);
  draft.sides = groups.map(
    (members) => leaderOf(before, members, winner) ?? newSide(draft, members),
  );
  for (const [index, side] of draft.sides.entries()) {
    meet(draft, side.dc, groups[index] ?? []);
  }
}

function groupsOf(draft: Draft): readonly (readonly string[])[] {
  const groups: string[][] = [];
  for (const name of draft.nodes.keys()) {
    if (draft.nodes.get(name)?.isOn !== true) continue;
    const group = groups.find(([first = ""]) => isReachable(draft, first, name));
    if (group === undefined) groups.push([name]);
    else group.push(name);
  }
  return groups;
}

function leaderOf(
  sides: readonly Side[],
  members: readonly string[],
  winner: string | undefined,
): Side | undefined {
  const leading = sides.filter(({ dc }) => members.includes(dc));
  return leading.find(({ dc }) => dc === winner) ?? leading[0];
}

/** A follower that becomes the DC has the CIB that it followed with; one that has just booted has no status. */
function newSide(draft: Draft, members: readonly string[]): Side {
  const [dc = ""] = members;
  const followed = draft.sides.find((side) => side.members.includes(dc));
  return {
    dc,
    members: followed?.members ?? [],
    cib: followed?.cib ?? draft.stored,
    run: undefined,
  };
}

function meet(draft: Draft, dc: string, members: readonly string[]): void {
  const was = draft.sides.find((side) => side.dc === dc)?.members ?? [];
  draft.sides = draft.sides.map((side) => (side.dc === dc ? { ...side, members } : side));
  const quorum = { haveQuorum: draft.nodes.size === 2 || members.length * 2 > draft.nodes.size };
  changeStatus(draft, dc, () => quorumChange({ ...quorum, dcId: dc }));
  for (const [name] of draft.nodes) {
    if (members.includes(name) === was.includes(name)) continue;
    halt(draft, dc);
    changeStatus(draft, dc, ({ cib }) => {
      const node = statusNode(cib, name);
      if (!members.includes(name)) return conditionChange(cib, node, "lost");
      return joinChange(cib, node, {
        history: accountOf(draft, name),
        isSeasoned: true,
        nowS: secondsOf(draft),
      });
    });
  }
}

/** What a node's executor tells of itself: what it remembers, and what it is doing. */
function accountOf(
  { nodes, works }: Draft,
  name: string,
): Parameters<typeof joinChange>[2]["history"] {
  const doing = works.filter(({ node, action }) => node === name && action.operation !== "stonith");
  return [...(nodes.get(name)?.history ?? []), ...doing.map(pendingReport)];
}

/** All nodes are on and hear each other; nothing is known of the resources. */
export function beginning({
  cib,
  nodes,
  faultsMax,
}: {
  readonly cib: XmlElement;
  readonly nodes: readonly string[];
  readonly faultsMax: number;
}): ExploredState {
  const draft: Draft = {
    nodes: new Map(nodes.map((name) => [name, { isOn: true, history: [] }])),
    ...{ executing: new Map(), works: [], isolated: undefined, sides: [] },
    ...{ faultsLeft: faultsMax, stored: cib, count: 0 },
  };
  regroup(draft);
  decideAll(draft);
  return draft;
}
