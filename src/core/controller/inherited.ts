/**
 * Operations that were under way on a node when it joined: an earlier DC ordered them, or this one before a link was lost.
 * Until they have ended nobody knows where a resource is; a stop that still runs must not be overtaken by a start elsewhere.
 */
import { opStatus } from "../cib/status/operation-result.ts";
import type { OperationReport } from "../executor/types.ts";

export class Inherited {
  readonly #keys = new Map<string, Set<string>>();

  get isEmpty(): boolean {
    return this.#keys.size === 0;
  }

  /** The node's executor has told all that it knows. */
  onJoined(node: string, history: readonly OperationReport[]): void {
    // A recurring monitor changes nothing, and begins again and again.
    const pending = history.filter(
      (report) => report.opStatus === opStatus.pending && report.intervalMs === 0,
    );
    this.#keys.set(node, new Set(pending.map((report) => report.transitionKey)));
    this.#tidy(node);
  }

  onReport(node: string, report: OperationReport): void {
    if (report.opStatus === opStatus.pending) return;
    this.#keys.get(node)?.delete(report.transitionKey);
    this.#tidy(node);
  }

  /** It is gone, or is left as it is: its operations are not waited for. */
  forget(node: string): void {
    this.#keys.delete(node);
  }

  #tidy(node: string): void {
    if (this.#keys.get(node)?.size === 0) this.#keys.delete(node);
  }
}
