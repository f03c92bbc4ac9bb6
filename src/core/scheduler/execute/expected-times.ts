/**
 * When each action would begin and end, if everything takes as long as it took when the status section saw it last. What
 * it never saw counts as no time, and all that follows is marked as the least that it can be.
 */
import type { StepTime } from "../../../decision/transition.ts";
import { attribute, descendants, type XmlElement } from "../../../formats/xml/xml-element.ts";
import type { GraphAction, GraphActionId } from "../graph/transition-graph.ts";
import { scanInteger } from "../values/number.ts";

export class ExpectedTimes {
  readonly #seenMs: ReadonlyMap<string, number>;
  readonly #byAction = new Map<number, StepTime>();

  /** @param status the section, or undefined where there is none. */
  constructor(status: XmlElement | undefined) {
    this.#seenMs = seenTimes(status);
  }

  /** Asked in the order in which actions run: those of the inputs are known. */
  of(action: GraphAction, inputs: readonly GraphActionId[]): StepTime {
    let beginMs = 0;
    let isLeast = false;
    for (const { id } of inputs) {
      const before = this.#byAction.get(id);
      if (before === undefined) continue;
      beginMs = Math.max(beginMs, before.beginMs + (before.tookMs ?? 0));
      isLeast ||= before.isLeast || before.tookMs === undefined;
    }
    const time = { beginMs, tookMs: this.#expectedMs(action), isLeast };
    this.#byAction.set(action.id, time);
    return time;
  }

  #expectedMs({ kind, operation, resource }: GraphAction): number | undefined {
    if (kind === "pseudo") return 0;
    if (kind === "cluster") return operation === "stonith" ? undefined : 0;
    return this.#seenMs.get(`${resource?.id} ${operation}`);
  }
}

/** The longest of each resource's operation on any node. */
function seenTimes(status: XmlElement | undefined): ReadonlyMap<string, number> {
  const seen = new Map<string, number>();
  if (status === undefined) return seen;
  for (const history of descendants(status)) {
    if (history.name !== "lrm_resource") continue;
    for (const entry of history.children) {
      const took = scanInteger(attribute(entry, "exec-time"));
      if (took === undefined) continue;
      const key = `${attribute(history, "id")} ${attribute(entry, "operation")}`;
      seen.set(key, Math.max(took, seen.get(key) ?? 0));
    }
  }
  return seen;
}
