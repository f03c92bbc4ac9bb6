/** What comes back to the DC: results of operations and of fences. They are written down, and the transition is told. */
import { assert } from "../../base/assert.ts";
import type { Instant } from "../../base/time.ts";
import { opStatus, type StatusNode } from "../cib/status/operation-result.ts";
import type { OperationReport } from "../executor/types.ts";
import type { FenceAction } from "../fencer/types.ts";
import type { OrdersParts } from "./dc-orders.ts";
import type { DcOutbox } from "./dc-outbox.ts";
import type { Engine } from "./engine.ts";
import { fencedChanges } from "./fenced-changes.ts";
import { recipientOf, reportWithout } from "./graph-order.ts";
import { connectionChanges } from "./remote-status.ts";
import { describeReport } from "./report-notice.ts";
import { reportChange, statusNode } from "./status-changes.ts";
import { finding } from "./transition-run.ts";
import { type Now, seconds, type World } from "./world.ts";

export type FenceResult = {
  readonly action: FenceAction;
  readonly isDone: boolean;
  readonly why: string;
  readonly retryAt: Instant | undefined;
};

export class DcResults {
  readonly #world: World;
  readonly #engine: Engine;
  readonly #out: DcOutbox;

  constructor({ world, engine, out }: Omit<OrdersParts, "members">) {
    this.#world = world;
    this.#engine = engine;
    this.#out = out;
  }

  /** @param node who tells it. */
  onReport(node: string, report: OperationReport, at: Now): void {
    const host = report.remoteNode ?? node;
    const { changed, news, notice } = describeReport(host, report);
    const cib = this.#world.cib();
    this.#out.status(reportChange(cib, this.#node(host), report, seconds(at)));
    for (const change of connectionChanges(cib, this.#node(host), report)) this.#out.status(change);
    if (notice !== undefined) this.#out.push(notice);
    const ended = this.#engine.onReport(node, report);
    if (ended === "expected") return;
    if (ended === "found") this.#engine.note(finding(host, report));
    // What is more important than what failed goes on.
    else if (ended === "failed") this.#engine.noteForLater(`${changed} did not end as expected`);
    else if (notice !== undefined || report.intervalMs === 0) this.#engine.note(news);
  }

  onFenced(target: string, result: FenceResult, at: Now): void {
    const action = this.#engine.onFenced(target, result);
    if (!result.isDone) return;
    // Before the transition goes on: what waits for the fence starts on the ground of this record.
    const node = this.#node(target);
    const fenced = { target: node, how: result.action, action, nowS: seconds(at) };
    for (const change of fencedChanges(this.#world.cib(), fenced)) this.#out.status(change);
  }

  /** Answers that never came: what they were about counts as out of time. */
  failOverdue(at: Now): void {
    const transition = this.#engine.transitionId;
    for (const action of this.#engine.takeOverdue(at.now)) {
      const node = recipientOf(action);
      assert(transition !== undefined && node !== undefined, "it was ordered from a node");
      const why = "no answer came from the node";
      const lost = { rc: 1, opStatus: opStatus.timeout, why };
      this.onReport(node, reportWithout(action, transition, lost), at);
    }
  }

  #node(name: string): StatusNode {
    return statusNode(this.#world.cib(), name);
  }
}
