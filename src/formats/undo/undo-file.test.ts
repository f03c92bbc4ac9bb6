import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  decodeUndoHeader,
  encodeUndoHeader,
  type UndoHeader,
  undoDataBytes,
  undoDataOffset,
  undoPieceBytes,
  undoPieces,
  undoPrefixBytes,
} from "./undo-file.ts";

test("a header is decoded as it was encoded, and tells where the data begin", () => {
  fc.assert(
    fc.property(anyHeader(), (header) => {
      const bytes = encodeUndoHeader(header);
      assert.equal(bytes.length % 4096, 0);
      assert.deepEqual(undoDataOffset(bytes.subarray(0, undoPrefixBytes)), {
        ok: true,
        value: bytes.length,
      });
      assert.deepEqual(decodeUndoHeader(bytes), { ok: true, value: header });
    }),
  );
});

test("no bytes make it throw, and a header cut short or spoilt is an error", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 9000 }), (bytes) => {
      assert.equal(decodeUndoHeader(bytes).ok, false);
    }),
  );
  fc.assert(
    fc.property(anyHeader(), fc.nat(), fc.nat(255), (header, place, value) => {
      const bytes = encodeUndoHeader(header);
      decodeUndoHeader(bytes.subarray(0, place % bytes.length));
      bytes[place % bytes.length] = value;
      decodeUndoHeader(bytes);
    }),
  );
});

test("ranges that overlap, go back or leave the volume are refused", () => {
  const header = { ...example, sizeBytes: 8192 };
  for (const ranges of [
    [{ offset: 4096, length: 8192 }],
    [{ offset: 0, length: 100 }],
    [
      { offset: 4096, length: 4096 },
      { offset: 0, length: 4096 },
    ],
    [
      { offset: 0, length: 8192 },
      { offset: 4096, length: 4096 },
    ],
  ]) {
    assert.equal(decodeUndoHeader(encodeUndoHeader({ ...header, ranges })).ok, false);
  }
});

test("the pieces are the ranges, in order, none longer than a piece", () => {
  fc.assert(
    fc.property(anyHeader(), ({ ranges }) => {
      const pieces = [...undoPieces(ranges)];
      assert.equal(undoDataBytes(pieces), undoDataBytes(ranges));
      assert.ok(pieces.every(({ length }) => length > 0 && length <= undoPieceBytes));
      let end = 0;
      for (const { offset, length } of pieces) {
        assert.ok(offset >= end);
        end = offset + length;
      }
    }),
  );
});

const example: UndoHeader = {
  resource: "r0",
  volume: 0,
  node: "xen1",
  peer: "xen2",
  savedAtMs: 1_700_000_000_000,
  reason: "",
  sizeBytes: 1 << 30,
  current: "0123456789ABCDEF",
  bitmap: "0000000000000000",
  peerCurrent: "FEDCBA9876543210",
  ranges: [],
};

function anyHeader(): fc.Arbitrary<UndoHeader> {
  const gaps = fc.array(fc.tuple(fc.nat(1000), fc.integer({ min: 1, max: 600 })), { maxLength: 8 });
  return fc.tuple(fc.string(), gaps).map(([reason, lengths]) => {
    let end = 0;
    const ranges = lengths.map(([gap, blocks]) => {
      const range = { offset: end + gap * 4096, length: blocks * 4096 };
      end = range.offset + range.length;
      return range;
    });
    return { ...example, reason, ranges };
  });
}
