/**
 * What an exploration goes through: what is so (power, what executes where, what is being done), and what each deciding node
 * believes (its CIB and its transition). States are values; a move works on a draft of the next one.
 */
import type { GraphAction, TransitionGraph } from "../../src/core/controller/types.ts";
import type { OperationReport } from "../../src/core/executor/types.ts";
import type { XmlElement } from "../../src/formats/xml/xml-element.ts";

export type NodeTruth = {
  readonly isOn: boolean;
  /** What its executor remembers, the oldest first. */
  readonly history: readonly OperationReport[];
};

/** What was ordered and has not ended: an operation on a node, or a fencing by one. */
export type Work = {
  readonly node: string;
  readonly transition: number;
  readonly action: GraphAction;
};

export type Run = {
  readonly number: number;
  readonly graph: TransitionGraph;
  /** Ids of actions. */
  readonly begun: ReadonlySet<number>;
  readonly done: ReadonlySet<number>;
  /** Nothing more is begun: what was planned with does not hold any more. */
  readonly isHalted: boolean;
};

/** A DC and those that follow it. */
export type Side = {
  readonly dc: string;
  /** The DC among them. */
  readonly members: readonly string[];
  readonly cib: XmlElement;
  readonly run: Run | undefined;
};

export type Draft = {
  readonly nodes: Map<string, NodeTruth>;
  /** Resource -> the nodes on which it executes. */
  readonly executing: Map<string, readonly string[]>;
  works: readonly Work[];
  /** The node that is cut from all others. */
  isolated: string | undefined;
  /** One in each partition in which a node has its power. */
  sides: readonly Side[];
  faultsLeft: number;
  /** What nodes have on disk: the configuration, and no status. */
  readonly stored: XmlElement;
  /** What has happened so far: times, call ids and the numbers of transitions are made of it. */
  count: number;
};

export type ExploredState = {
  readonly [Key in keyof Draft]: Draft[Key] extends Map<infer K, infer V>
    ? ReadonlyMap<K, V>
    : Draft[Key];
};

export function draftOf(state: ExploredState): Draft {
  const { nodes, executing } = state;
  return { ...state, nodes: new Map(nodes), executing: new Map(executing), count: state.count + 1 };
}

export function isReachable({ nodes, isolated }: ExploredState, a: string, b: string): boolean {
  if (nodes.get(a)?.isOn !== true || nodes.get(b)?.isOn !== true) return false;
  return a === b || (isolated !== a && isolated !== b);
}

export function executesOn({ executing }: ExploredState, resource: string): readonly string[] {
  return executing.get(resource) ?? [];
}

/** The side that a node takes part in. */
export function sideOf({ sides }: ExploredState, node: string): Side | undefined {
  return sides.find(({ members }) => members.includes(node));
}

export function withSide(draft: Draft, changed: Side): void {
  draft.sides = draft.sides.map((side) => (side.dc === changed.dc ? changed : side));
}
