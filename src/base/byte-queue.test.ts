import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ByteQueue } from "./byte-queue.ts";
import { concatBytes } from "./bytes.ts";

test("however bytes come, and in whatever pieces they are taken, they are the same in the same order", () => {
  const pieces = fc.array(fc.uint8Array({ maxLength: 9 }), { maxLength: 12 });
  fc.assert(
    fc.property(pieces, fc.array(fc.nat(7)), (come, lengths) => {
      const queue = new ByteQueue();
      for (const piece of come) queue.push(piece);
      const all = concatBytes(come);
      let at = 0;
      for (const wanted of lengths) {
        assert.equal(queue.lengthBytes, all.length - at);
        const length = Math.min(wanted, queue.lengthBytes);
        assert.deepEqual(queue.head(length).subarray(0, length), all.subarray(at, at + length));
        assert.deepEqual(queue.take(length), all.subarray(at, at + length));
        at += length;
      }
    }),
  );
});

test("more than there is cannot be taken", () => {
  const queue = new ByteQueue();
  queue.push(new Uint8Array(3));
  assert.throws(() => queue.take(4), /so many are there/);
  assert.equal(queue.take(3).length, 3);
});
