/** Tells the node's machine from time to time what its processors have to do. */
import type { NodeEvent } from "../../core/node/events.ts";
import type { LoadMeter } from "../../ports/load.ts";

/** As often as Pacemaker looks; the figure is an average of a minute. */
const everyMs = 30_000;

export class LoadWatch {
  readonly #meter: LoadMeter;
  readonly #post: (event: NodeEvent) => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(meter: LoadMeter, post: (event: NodeEvent) => void) {
    this.#meter = meter;
    this.#post = post;
  }

  begin(): void {
    this.#look();
    this.#timer = setInterval(() => this.#look(), everyMs);
    // Nothing waits for it.
    this.#timer.unref();
  }

  end(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const load = this.#meter.read();
    if (load !== undefined) this.#post({ kind: "load", load });
  }
}
