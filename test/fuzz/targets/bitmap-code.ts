/** The runs of a compressed bitmap: what is decoded is as long as the packet allows, and is written the same way again. */
import { assert } from "../../../src/base/assert.ts";
import {
  type BitSource,
  decodeBitRuns,
  encodeBitRuns,
} from "../../../src/formats/drbd/bitmap-code.ts";
import type { Chance, FuzzTarget } from "../fuzz-target.ts";
import { mutateBytes } from "../inputs/mutate-bytes.ts";

const payloadBytesMax = 4096;

export const bitmapCode: FuzzTarget = {
  name: "bitmap-code",
  inputs: 900_000,
  make: (chance) => mutateBytes(encodeBitRuns(anyRuns(chance), 0, 200).payload, chance),
  run: (payload) => {
    const runs = decodeBitRuns(payload);
    if (!runs.ok) return "refused";
    const { firstSet, lengths } = runs.value;
    assert(lengths.length <= payload.length * 8, "a bit begins no more than one run");
    assert(
      lengths.every((length) => length >= 1),
      "no run is empty",
    );
    const source = sourceOf(lengths, firstSet);
    if (!Number.isSafeInteger(source.bits)) return "read";
    const again = decodeBitRuns(encodeBitRuns(source, 0, payloadBytesMax).payload);
    assert(again.ok, "runs that were read can be written and read again");
    assert(`${again.value.lengths}` === `${lengths}`, "and are the same then");
    return "read";
  },
};

function anyRuns(chance: Chance): BitSource {
  const lengths: number[] = [];
  for (let i = 1 + chance.below(20); i > 0; i--) {
    lengths.push(1 + chance.below(2 ** chance.between(1, chance.below(20) === 0 ? 40 : 16)));
  }
  return sourceOf(lengths, chance.below(2) === 0);
}

function sourceOf(lengths: readonly number[], firstSet: boolean): BitSource {
  const ends: number[] = [];
  let bits = 0;
  for (const length of lengths) {
    bits += length;
    ends.push(bits);
  }
  // Runs are asked for in their order: the last answer is where the next search begins.
  let run = 0;
  const runAt = (bit: number): number => {
    if (bit < (ends[run - 1] ?? 0)) run = 0;
    while (run < ends.length && bit >= (ends[run] as number)) run++;
    return run;
  };
  return {
    bits,
    isSet: (bit) => (runAt(bit) % 2 === 0) === firstSet,
    endOfRun: (bit) => ends[runAt(bit)] ?? bits,
  };
}
