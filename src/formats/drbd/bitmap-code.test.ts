import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { toHex } from "../../base/bytes.ts";
import { type BitSource, decodeBitRuns, encodeBitRuns } from "./bitmap-code.ts";

const roomy = 4096;

test("bitmaps of 16374 bits are written as the kernel's DRBD writes them", () => {
  const cases: readonly [string, readonly (readonly [number, number])[]][] = [
    ["b27fc51e00", [[0, 16374]]],
    ["327fc51e00", []],
    // 256 KiB at 4 MiB and 1 MiB at 6.25 MiB.
    [
      "523fcfe27bf87906dff35fe10500",
      [
        [1024, 1088],
        [1600, 1856],
      ],
    ],
    ["22df4cffba3c00", [[100, 104]]],
    ["22df65fff23b00", [[200, 204]]],
    ["423fc3c0bf670e00", [[500, 502]]],
  ];
  for (const [hex, ranges] of cases) {
    const { payload, end } = encodeBitRuns(bitsOf(16374, ranges), 0, roomy);
    assert.equal(toHex(payload), hex);
    assert.equal(end, 16374);
  }
});

test("runs come back as they were written, whatever the room in a packet", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 3_000_000 }), { minLength: 1, maxLength: 60 }),
      fc.boolean(),
      fc.integer({ min: 9, max: 40 }),
      (lengths, firstSet, room) => {
        const source = bitsOfRuns(lengths, firstSet);
        const decoded: number[] = [];
        let at = 0;
        let value = firstSet;
        while (at < source.bits) {
          const { payload, end } = encodeBitRuns(source, at, room);
          assert.ok(end > at, "a packet makes progress");
          const runs = decodeBitRuns(payload);
          assert.ok(runs.ok);
          assert.equal(runs.value.firstSet, value);
          decoded.push(...runs.value.lengths);
          if (runs.value.lengths.length % 2 === 1) value = !value;
          at = end;
        }
        assert.deepEqual(decoded, lengths);
      },
    ),
  );
});

test("any bytes are runs or an error, never a throw", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 0, maxLength: 64 }), (bytes) => {
      const runs = decodeBitRuns(bytes);
      if (runs.ok) assert.ok(runs.value.lengths.every((n) => n >= 1));
    }),
  );
});

function bitsOf(bits: number, ranges: readonly (readonly [number, number])[]): BitSource {
  const lengths: number[] = [];
  let at = 0;
  for (const [from, to] of ranges) {
    if (from > at) lengths.push(from - at);
    lengths.push(to - from);
    at = to;
  }
  if (at < bits) lengths.push(bits - at);
  return bitsOfRuns(lengths, ranges[0]?.[0] === 0);
}

function bitsOfRuns(lengths: readonly number[], firstSet: boolean): BitSource {
  const ends: number[] = [];
  let bits = 0;
  for (const length of lengths) {
    bits += length;
    ends.push(bits);
  }
  const runAt = (bit: number): number => ends.findIndex((end) => bit < end);
  return {
    bits,
    isSet: (bit) => (runAt(bit) % 2 === 0) === firstSet,
    endOfRun: (bit) => ends[runAt(bit)] ?? bits,
  };
}
