/** Changes to a valid input, as failing hardware, a lost connection or a hostile peer make them. */
import { concatBytes } from "../../../src/base/bytes.ts";
import type { Chance } from "../fuzz-target.ts";

type Mutation = (bytes: Uint8Array, chance: Chance) => Uint8Array;

/** Numbers at which decoders go wrong. */
const edges: readonly number[] = [
  0, 1, 2, 7, 8, 63, 64, 127, 128, 255, 256, 511, 512, 4095, 4096, 4097, 0x7fff, 0x8000, 0xffff,
  0x10000, 0x100000, 0x100001, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff,
];

/** One input in eight stays as it is: what is valid has to be read. */
export function mutateBytes(valid: Uint8Array, chance: Chance): Uint8Array {
  if (chance.below(8) === 0) return valid;
  let bytes = valid;
  for (let i = 1 + chance.below(4); i > 0; i--) bytes = chance.pick(mutations)(bytes, chance);
  return bytes;
}

/** A number of 32 bits: at an edge, small, or any. */
export function anyU32(chance: Chance): number {
  switch (chance.below(4)) {
    case 0:
      return chance.pick(edges);
    case 1:
      return chance.below(300);
    default:
      return chance.u32();
  }
}

const mutations: readonly Mutation[] = [
  (bytes, chance) =>
    changed(bytes, 1, chance, (view, at) =>
      view.setUint8(at, view.getUint8(at) ^ (1 << chance.below(8))),
    ),
  (bytes, chance) => changed(bytes, 1, chance, (view, at) => view.setUint8(at, chance.below(256))),
  (bytes, chance) =>
    changed(bytes, 2, chance, (view, at) => view.setUint16(at, anyU32(chance) & 0xffff)),
  (bytes, chance) => changed(bytes, 4, chance, (view, at) => view.setUint32(at, anyU32(chance))),
  // Fields lie at multiples of four.
  (bytes, chance) =>
    changed(bytes, 4, chance, (view, at) => view.setUint32(at & ~3, anyU32(chance))),
  // A length or count that is off by a little.
  (bytes, chance) =>
    changed(bytes, 4, chance, (view, at) =>
      view.setUint32(at & ~3, (view.getUint32(at & ~3) + chance.between(-16, 16)) >>> 0),
    ),
  (bytes, chance) => bytes.slice(0, chance.below(bytes.length + 1)),
  (bytes, chance) => bytes.slice(chance.below(bytes.length + 1)),
  (bytes, chance) => {
    const [from, to] = span(bytes, chance);
    return concatBytes([bytes.subarray(0, from), bytes.subarray(to)]);
  },
  (bytes, chance) => {
    const [from, to] = span(bytes, chance);
    const at = chance.below(bytes.length + 1);
    return concatBytes([bytes.subarray(0, at), bytes.subarray(from, to), bytes.subarray(at)]);
  },
  (bytes, chance) => {
    const at = chance.below(bytes.length + 1);
    const more = chance.bytes(1 + chance.below(24));
    return concatBytes([bytes.subarray(0, at), more, bytes.subarray(at)]);
  },
  (bytes, chance) => {
    const [from, to] = span(bytes, chance);
    const out = bytes.slice();
    out.fill(chance.pick([0, 0xff, 0x20]), from, to);
    return out;
  },
];

/** A copy in which `change` has set something of `width` bytes; the bytes as they are when there is no room for it. */
function changed(
  bytes: Uint8Array,
  width: number,
  chance: Chance,
  change: (view: DataView, at: number) => void,
): Uint8Array {
  if (bytes.length < width) return bytes;
  const out = bytes.slice();
  change(new DataView(out.buffer), chance.below(out.length - width + 1));
  return out;
}

function span(bytes: Uint8Array, chance: Chance): readonly [number, number] {
  const from = chance.below(bytes.length + 1);
  return [from, Math.min(bytes.length, from + chance.below(64))];
}
