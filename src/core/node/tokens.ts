/** Tokens of effects: each part counts its own, and the shell sees numbers that are unique in the node. */
import { assert } from "../../base/assert.ts";

export type TokenOwner =
  | "executor"
  | "stonith"
  | "fencer"
  | "cib"
  | "input"
  | "readiness"
  | "peer-agents";

type Owned = { readonly owner: TokenOwner; readonly token: number };

export class Tokens {
  readonly #owned = new Map<number, Owned>();
  readonly #external = new Map<string, number>();
  #last = 0;

  give(owner: TokenOwner, token: number): number {
    const external = ++this.#last;
    this.#owned.set(external, { owner, token });
    this.#external.set(`${owner} ${token}`, external);
    return external;
  }

  /** Of an effect that is under way; undefined when it has ended. */
  externalOf(owner: TokenOwner, token: number): number | undefined {
    return this.#external.get(`${owner} ${token}`);
  }

  take(external: number): Owned {
    const owned = this.#owned.get(external);
    assert(owned !== undefined, "each effect is answered once");
    this.#owned.delete(external);
    this.#external.delete(`${owned.owner} ${owned.token}`);
    return owned;
  }
}
