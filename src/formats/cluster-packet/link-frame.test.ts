import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { concatBytes } from "../../base/bytes.ts";
import {
  frameParts,
  handshakeFrameBytesMax,
  type LinkFrame,
  type LinkFrameKind,
  LinkFrameReader,
} from "./link-frame.ts";

const kinds: readonly LinkFrameKind[] = ["hello", "welcome", "confirm", "ready", "message", "ping"];

test("frames come out as they went in, however the stream is cut into pieces", () => {
  const frame = fc.record(
    {
      kind: fc.constantFrom(...kinds),
      body: fc.uint8Array({ maxLength: 50 }),
    },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(fc.array(frame), fc.array(fc.nat({ max: 60 })), (frames, cuts) => {
      const stream = concatBytes(frames.flatMap(({ kind, body }) => frameParts(kind, [body])));
      const reader = new LinkFrameReader();
      const out: LinkFrame[] = [];
      let at = 0;
      for (const cut of [...cuts, stream.length]) {
        reader.push(stream.slice(at, at + cut));
        at += cut;
        out.push(...takeAll(reader));
      }
      assert.deepEqual(out, frames);
    }),
  );
});

test("a frame longer than the limit is a fault as soon as its length is there", () => {
  const reader = new LinkFrameReader();
  reader.push(Uint8Array.of(0, 0, 2, 1));
  assert.equal(reader.take(handshakeFrameBytesMax).ok, false);
});

test("an empty frame and one of an unknown kind are faults", () => {
  for (const bytes of [
    [0, 0, 0, 0],
    [0, 0, 0, 1, 99],
  ]) {
    const reader = new LinkFrameReader();
    reader.push(Uint8Array.from(bytes));
    assert.equal(reader.take(100).ok, false);
  }
});

function takeAll(reader: LinkFrameReader): readonly LinkFrame[] {
  const frames: LinkFrame[] = [];
  for (;;) {
    const taken = reader.take(1000);
    assert.ok(taken.ok);
    if (taken.value === undefined) return frames;
    frames.push(taken.value);
  }
}
