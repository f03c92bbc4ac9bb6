/**
 * How much of a transition goes on at a time: batch-limit, node-action-limit, load-threshold and migration-limit. Points in
 * the order, fencing and bookkeeping cost a node nothing and are never held back; what is cancelled makes room.
 */
import { recipientOf } from "./graph-order.ts";
import { clusterOperationsUnderLoad, type LoadLevel, operationsUnderLoad } from "./node-load.ts";
import type { GraphAction, TransitionGraph } from "./types.ts";

/** Where the graph sets no batch-limit: operations in flight in the whole cluster. */
const batchDefault = 100;

/** Looked at each time: load comes and goes while a transition runs. */
export type Capacity = {
  /** Operations at a time on a node that is not under load. */
  operationsMax(node: string): number;
  loadOf(node: string): LoadLevel;
  /** Of all members. */
  loads(): readonly LoadLevel[];
};

type UnderWay = { operations: number; migrations: number };

export class RunLimits {
  readonly #batchMax: number;
  readonly #migrationMax: number;
  readonly #capacity: Capacity;
  #operations = 0;
  readonly #nodes = new Map<string, UnderWay>();
  /** Operations at a time that the members' load leaves to the whole cluster. */
  #clusterMax = Number.POSITIVE_INFINITY;

  constructor(graph: Pick<TransitionGraph, "batchLimit" | "migrationLimit">, capacity: Capacity) {
    this.#batchMax = positiveOr(graph.batchLimit, batchDefault);
    this.#migrationMax = positiveOr(graph.migrationLimit, Number.POSITIVE_INFINITY);
    this.#capacity = capacity;
  }

  /** Before room is asked for: the members' load is looked at. */
  look(): void {
    this.#clusterMax = clusterOperationsUnderLoad(this.#capacity.loads());
  }

  hasRoom(action: GraphAction): boolean {
    return this.#hasRoomWithoutLoad(action) && !this.isHeldByLoad(action);
  }

  /** It could begin, were it not for the load of its node, or of another. */
  isHeldByLoad(action: GraphAction): boolean {
    if (action.kind !== "resource" || !this.#hasRoomWithoutLoad(action)) return false;
    if (this.#operations >= this.#clusterMax) return true;
    if (action.operation === "cancel") return false;
    const node = recipientOf(action) ?? "";
    const max = operationsUnderLoad(
      this.#capacity.loadOf(node),
      this.#capacity.operationsMax(node),
    );
    return this.#underWayOn(node).operations >= max;
  }

  begin(action: GraphAction): void {
    this.#count(action, 1);
  }

  end(action: GraphAction): void {
    this.#count(action, -1);
  }

  #hasRoomWithoutLoad(action: GraphAction): boolean {
    if (action.kind !== "resource") return true;
    if (this.#operations >= this.#batchMax) return false;
    if (action.operation === "cancel") return true;
    const node = recipientOf(action) ?? "";
    const { operations, migrations } = this.#underWayOn(node);
    if (operations >= this.#capacity.operationsMax(node)) return false;
    return !isMigration(action) || migrations < this.#migrationMax;
  }

  #count(action: GraphAction, by: 1 | -1): void {
    if (action.kind !== "resource") return;
    const underWay = this.#underWayOn(recipientOf(action) ?? "");
    this.#operations += by;
    underWay.operations += by;
    if (isMigration(action)) underWay.migrations += by;
  }

  #underWayOn(node: string): UnderWay {
    const known = this.#nodes.get(node);
    if (known !== undefined) return known;
    const none = { operations: 0, migrations: 0 };
    this.#nodes.set(node, none);
    return none;
  }
}

function isMigration({ operation }: GraphAction): boolean {
  return operation === "migrate_to" || operation === "migrate_from";
}

function positiveOr(text: string | undefined, otherwise: number): number {
  const value = Number(text ?? 0);
  return value > 0 ? value : otherwise;
}
