/**
 * What is fuzzed: a decoder, a source of mutated inputs for it, and what must hold for each of them. An input is bytes;
 * everything that `run` does depends on these bytes alone, so that one that fails can be printed, shrunk and kept.
 */
import type { Prng } from "../../src/base/prng.ts";

/** A source of chance: the campaign's own, or one that reads its decisions from an input (`choices.ts`). */
export type Chance = Pick<Prng, "u32" | "u64" | "below" | "between" | "chance" | "pick" | "bytes">;

/** `refused`: the decoder has said that this is nothing it knows, which is as good an end as any. */
export type Outcome = "read" | "refused";

export type FuzzTarget = {
  readonly name: string;
  /** Inputs in a campaign that names no number. */
  readonly inputs: number;
  /** An input is printed as it is, not in hexadecimal digits. */
  readonly isText?: boolean;
  /** A campaign cannot run here: why. */
  readonly missing?: string;
  /** Valid bytes, mostly, and then changed. */
  make(chance: Chance): Uint8Array;
  /** @throws when the decoder throws, or breaks a law. */
  run(input: Uint8Array): Outcome;
};
