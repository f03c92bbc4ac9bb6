/** Takes out of the configuration what is left of moves and bans by command that have ended; the DC does, when all is quiet. */
import { formatLastWritten } from "../../formats/cib/wall-time-text.ts";
import { formatVersion, readVersion } from "../cib/version.ts";
import type { DcOutbox } from "./dc-outbox.ts";
import { endedMoves, nextEnd } from "./ended-moves.ts";
import type { Engine } from "./engine.ts";
import type { InputFacts } from "./schedule-input.ts";
import type { Now, World } from "./world.ts";

export class MoveKeeper {
  readonly #world: World;
  readonly #engine: Engine;
  readonly #out: DcOutbox;
  /** The CIB in which nothing had ended, and until when that holds. */
  #looked: { readonly version: string; readonly until: number } | undefined;

  constructor(parts: { readonly world: World; readonly engine: Engine; readonly out: DcOutbox }) {
    this.#world = parts.world;
    this.#engine = parts.engine;
    this.#out = parts.out;
  }

  /** Nothing runs, nothing waits, and changes can be made. */
  review(facts: () => InputFacts, at: Now): void {
    const cib = this.#world.cib();
    const version = formatVersion(readVersion(cib));
    if (this.#looked?.version === version && at.wall < this.#looked.until) return;
    const [ended] = endedMoves(cib, at.wall, (without) =>
      this.#engine.isSettledBy(without, facts(), at),
    );
    this.#looked = { version, until: nextEnd(cib, at.wall) };
    if (ended === undefined) return;
    // One after the other: each is looked at with what the one before has left.
    const written = formatLastWritten(at.wall);
    const origin = { node: this.#world.self, client: "holdfastd", user: "root", written };
    this.#out.cib({ kind: "request", id: undefined, change: ended.change, origin });
    this.#out.notice("info", "HF4419", ended.message, {});
  }
}
