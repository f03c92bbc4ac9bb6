/**
 * A transition that would only do again what the last one did, although that ended as it should and nothing happened
 * since. Some rules never come to rest (an order after a clone of which one instance can never run restarts what comes
 * after it each time anybody looks): such a thing is done once, and not again before something changes.
 */
import type { TransitionGraph } from "./types.ts";

export class Echo {
  #done: readonly string[] | undefined;
  /** What may be the only reason to look again: the end of that transition, or the time. */
  readonly #quietReasons = new Set<string>();

  /** @param reason for which the scheduler is asked after it. */
  onDone(graph: TransitionGraph, reason: string): void {
    this.#done = actionsOf(graph);
    this.#quietReasons.add(reason);
  }

  onRecheck(reason: string): void {
    this.#quietReasons.add(reason);
  }

  /** @returns the operations that would be done again; none when there is news, or something else to do. */
  repeated(graph: TransitionGraph, reasons: readonly string[]): readonly string[] {
    const isQuiet = reasons.every((reason) => this.#quietReasons.has(reason));
    this.#quietReasons.clear();
    const done = this.#done;
    if (!isQuiet) this.#done = undefined;
    const actions = actionsOf(graph);
    // Who leaves is told to leave as often as it takes.
    const isOperations = graph.synapses.every(({ action: { kind } }) => kind !== "cluster");
    const isSame = isQuiet && isOperations && done?.join() === actions.join();
    return isSame ? actions : [];
  }
}

function actionsOf({ synapses }: TransitionGraph): readonly string[] {
  return synapses
    .filter(({ action }) => action.kind !== "pseudo")
    .map(({ action }) => `${action.key} on ${action.node?.name}`)
    .sort();
}
