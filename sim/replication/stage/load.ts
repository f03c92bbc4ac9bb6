/** Somebody who writes all the time: blocks of a range, over and over, a few at once. */
import { SimViolation } from "../cluster.ts";
import type { SimNode } from "../sim-node.ts";
import type { Stage, Submitted } from "./stage.ts";

export type LoadShape = {
  readonly from: number;
  readonly blocks: number;
  readonly everyMs: number;
  /** Errors are expected: the node may lose all its data. */
  readonly mayFail?: boolean;
};

const depthMax = 8;

export class Load {
  readonly #stage: Stage;
  readonly #node: SimNode;
  readonly #shape: LoadShape;
  readonly #pending = new Set<Submitted>();
  #next = 0;
  #over = false;
  acked = 0;

  constructor(stage: Stage, node: SimNode, shape: LoadShape) {
    this.#stage = stage;
    this.#node = node;
    this.#shape = shape;
    this.#tick();
  }

  /** No more writes; waits for the answers to those under way. */
  stop(): void {
    this.#over = true;
    if (!this.#node.running) return;
    this.#stage.until("the last writes are answered", () => {
      this.#collect();
      return this.#pending.size === 0;
    });
  }

  /** The node is gone, and with it who wrote: nobody waits for answers. */
  die(): void {
    this.#over = true;
  }

  #tick(): void {
    if (this.#over || !this.#node.running) return;
    this.#collect();
    if (this.#pending.size < depthMax) this.#writeNext();
    this.#stage.world.clock.after(this.#shape.everyMs, () => this.#tick());
  }

  #writeNext(): void {
    const { from, blocks } = this.#shape;
    const block = from + (this.#next++ % blocks);
    for (const { write } of this.#pending) if (write.block === block) return;
    this.#pending.add(this.#stage.submit(this.#node, block));
  }

  #collect(): void {
    for (const submitted of this.#pending) {
      if (submitted.outcome === undefined) continue;
      this.#pending.delete(submitted);
      const { error } = submitted.outcome;
      if (error === undefined) this.acked++;
      else if (this.#shape.mayFail !== true)
        throw new SimViolation(`a write on ${this.#node.name} failed: ${error}`);
    }
  }
}
