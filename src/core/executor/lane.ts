/** One resource of the executor, here or on a remote node: what runs, what waits, what recurs, and what is known. */
import { after, earliest, type Instant } from "../../base/time.ts";
import { isFailure, isRecorded } from "../cib/status/operation-result.ts";
import { type OperationReport, type Order, settlesMigrations } from "./types.ts";

export type Task = {
  readonly order: Order;
  readonly queuedAt: Instant;
  /** Its start-delay counts from when its turn comes. */
  notBefore: Instant | undefined;
};

export type Recurring = {
  readonly order: Order;
  dueAt: Instant;
  /** What the DC knows: "op-status:rc". */
  reported: string | undefined;
  /** Its last run had no answer in time: the next one counts. */
  isAskedAgain: boolean;
};

export type Running = {
  readonly token: number;
  readonly order: Order;
  readonly recurring: Recurring | undefined;
  readonly startedAt: Instant;
  readonly startedS: number;
  readonly queueMs: number;
  readonly deadline: Instant;
  isCancelled: boolean;
  /** Nobody wants its result any more. */
  isUnwanted: boolean;
  /** Its end is only waited for. */
  isReported: boolean;
};

export type LaneName = { readonly resource: string; readonly remoteNode?: string | undefined };

/** No name has a blank in it. */
export function laneKey({ resource, remoteNode }: LaneName): string {
  return remoteNode === undefined ? resource : `${resource} ${remoteNode}`;
}

/** After these a resource runs with the parameters that they were given. */
const takesOver: ReadonlySet<string> = new Set(["start", "migrate_from", "reload", "reload-agent"]);

export class Lane {
  readonly resource: string;
  readonly remoteNode: string | undefined;
  queue: Task[] = [];
  running: Running | undefined = undefined;
  /** By action and interval. */
  readonly recurring: Map<string, Recurring> = new Map();
  /** The last report of every kind, by action and interval; and the last failure. */
  readonly results: Map<string, OperationReport> = new Map();

  /** Those it was last started with: it is stopped with the same, whatever the configuration says meanwhile. */
  #startParams: Order["params"] | undefined;

  constructor({ resource, remoteNode }: LaneName) {
    this.resource = resource;
    this.remoteNode = remoteNode;
  }

  get key(): string {
    return laneKey(this);
  }

  get isEmpty(): boolean {
    const idle = this.queue.length === 0 && this.running === undefined;
    return idle && this.recurring.size === 0 && this.results.size === 0;
  }

  paramsFor({ action, params }: Order): Order["params"] {
    if (takesOver.has(action)) this.#startParams = params;
    return action === "stop" ? (this.#startParams ?? params) : params;
  }

  keep(report: OperationReport): void {
    if (!isRecorded(report)) return;
    if (settlesMigrations(report)) {
      this.results.delete("migrate_to_0");
      this.results.delete("migrate_from_0");
    }
    this.results.set(`${report.action}_${report.intervalMs}`, report);
    if (isFailure(report)) this.results.set("failure", report);
  }

  /** Each report once. */
  history(): readonly OperationReport[] {
    return [...new Set(this.results.values())];
  }

  /** One-shot operations that run or wait, and recurring ones that have not answered yet. */
  underWay(): readonly Order[] {
    const runs = this.running;
    const shown = runs !== undefined && runs.recurring === undefined && !runs.isReported;
    const unanswered = [...this.recurring.values()].filter((each) => each.reported === undefined);
    return [
      ...(shown ? [runs.order] : []),
      ...this.queue.map((task) => task.order),
      ...unanswered.map((each) => each.order),
    ];
  }

  firstDue(now: Instant): Recurring | undefined {
    let first: Recurring | undefined;
    for (const each of this.recurring.values()) {
      if (each.dueAt <= now && (first === undefined || each.dueAt < first.dueAt)) first = each;
    }
    return first;
  }

  nextDeadline(): Instant | undefined {
    const { running } = this;
    if (running !== undefined) {
      if (!running.isCancelled) return running.deadline;
      return earliest(...this.queue.map((task) => after(task.queuedAt, task.order.timeoutMs)));
    }
    const [task] = this.queue;
    if (task !== undefined) return task.notBefore;
    return earliest(...[...this.recurring.values()].map((each) => each.dueAt));
  }
}
