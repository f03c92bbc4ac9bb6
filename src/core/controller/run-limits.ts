/**
 * How much of a transition goes on at a time: batch-limit, node-action-limit and migration-limit. Points in the order,
 * fencing and bookkeeping cost a node nothing and are never held back; what is cancelled makes room.
 */
import { recipientOf } from "./graph-order.ts";
import type { GraphAction, TransitionGraph } from "./types.ts";

/** Where the graph sets no batch-limit: operations in flight in the whole cluster. */
const batchDefault = 100;

type Load = { operations: number; migrations: number };

export class RunLimits {
  readonly #batchMax: number;
  readonly #migrationMax: number;
  readonly #nodeMax: number;
  #operations = 0;
  readonly #nodes = new Map<string, Load>();

  /** @param nodeMax operations on one node at a time. */
  constructor(graph: Pick<TransitionGraph, "batchLimit" | "migrationLimit">, nodeMax: number) {
    this.#batchMax = positiveOr(graph.batchLimit, batchDefault);
    this.#migrationMax = positiveOr(graph.migrationLimit, Number.POSITIVE_INFINITY);
    this.#nodeMax = nodeMax;
  }

  hasRoom(action: GraphAction): boolean {
    if (action.kind !== "resource") return true;
    if (this.#operations >= this.#batchMax) return false;
    if (action.operation === "cancel") return true;
    const { operations, migrations } = this.#loadOf(action);
    return operations < this.#nodeMax && (!isMigration(action) || migrations < this.#migrationMax);
  }

  begin(action: GraphAction): void {
    this.#count(action, 1);
  }

  end(action: GraphAction): void {
    this.#count(action, -1);
  }

  #count(action: GraphAction, by: 1 | -1): void {
    if (action.kind !== "resource") return;
    const load = this.#loadOf(action);
    this.#operations += by;
    load.operations += by;
    if (isMigration(action)) load.migrations += by;
  }

  #loadOf(action: GraphAction): Load {
    const node = recipientOf(action) ?? "";
    const known = this.#nodes.get(node);
    if (known !== undefined) return known;
    const load = { operations: 0, migrations: 0 };
    this.#nodes.set(node, load);
    return load;
  }
}

function isMigration({ operation }: GraphAction): boolean {
  return operation === "migrate_to" || operation === "migrate_from";
}

function positiveOr(text: string | undefined, otherwise: number): number {
  const value = Number(text ?? 0);
  return value > 0 ? value : otherwise;
}
