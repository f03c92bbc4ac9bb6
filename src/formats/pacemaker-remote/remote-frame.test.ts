import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { concatBytes, fromHex, viewOf } from "../../base/bytes.ts";
import { decodeUtf8, encodeUtf8 } from "../../base/utf8.ts";
import { element, type XmlElement } from "../xml/xml-element.ts";
import { RemoteFrameReader, remoteFrameBytesMax, remoteFrameParts } from "./remote-frame.ts";

const hello = element("lrmd_command", { t: "lrmd", lrmd_op: "register" });

test("a frame has the header that pacemaker_remoted 2.1.5 sends", () => {
  const frame = frameOf(hello, 14);
  // magic, version, id, flags, whole length, offset, compressed, length
  const header = `bddbdaba010000000e${"00".repeat(15)}5400000028000000000000002c000000`;
  assert.deepEqual(frame.subarray(0, 40), fromHex(header));
  assert.equal(decodeUtf8(frame.subarray(40)), '<lrmd_command t="lrmd" lrmd_op="register"/>\0');
});

test("what was written is read again, however the stream is cut", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "<", "&", '"', "é", "𝄞", "\n") });
  fc.assert(
    fc.property(
      fc.array(text, { maxLength: 4 }),
      fc.array(fc.nat(70), { maxLength: 12 }),
      (texts, cuts) => {
        const messages = texts.map((each) => element("lrmd_notify", { lrmd_rsc_output: each }));
        const stream = concatBytes(messages.map((each, at) => frameOf(each, at)));
        const reader = new RemoteFrameReader();
        const read: XmlElement[] = [];
        let at = 0;
        for (const length of [...cuts, stream.length]) {
          reader.push(stream.subarray(at, at + length));
          at += length;
          read.push(...takeAll(reader));
        }
        assert.deepEqual(
          read.map(({ name, attributes }) => ({ name, attributes: { ...attributes } })),
          messages.map(({ name, attributes }) => ({ name, attributes })),
        );
      },
    ),
  );
});

test("a frame of a machine with the other byte order is read", () => {
  const frame = frameOf(hello, 1);
  const view = viewOf(frame);
  for (const at of [0, 4, 24, 28, 32, 36]) view.setUint32(at, view.getUint32(at, true), false);
  const reader = new RemoteFrameReader();
  reader.push(frame);
  assert.equal(takeAll(reader)[0]?.name, "lrmd_command");
});

test("what is no frame, or too long, compressed or without its end, is a fault", () => {
  const changes: readonly (readonly [at: number, value: number, fault: RegExp])[] = [
    [0, 0x16030301, /no frame/],
    [28, 44, /header of 44/],
    [32, 7, /compressed/],
    [24, 83, /frame of 83 bytes with 44/],
  ];
  for (const [at, value, fault] of changes) {
    const frame = frameOf(hello, 1);
    viewOf(frame).setUint32(at, value, true);
    assert.match(faultOf(frame), fault);
  }
  const long = frameOf(hello, 1);
  viewOf(long).setUint32(24, remoteFrameBytesMax + 1, true);
  viewOf(long).setUint32(36, remoteFrameBytesMax - 39, true);
  assert.match(faultOf(long.subarray(0, 40)), /frame of 20971521 bytes/);
  const open = frameOf(hello, 1);
  open[open.length - 1] = 0x20;
  assert.match(faultOf(open), /without its end/);
  const broken = frameOf(hello, 1);
  broken.set(encodeUtf8("<lrmd_"), broken.length - 7);
  assert.match(faultOf(broken), /no XML/);
});

function frameOf(message: XmlElement, id: number): Uint8Array {
  return concatBytes(remoteFrameParts(message, id));
}

function takeAll(reader: RemoteFrameReader): readonly XmlElement[] {
  const read: XmlElement[] = [];
  for (;;) {
    const taken = reader.take();
    assert.ok(taken.ok, taken.ok ? "" : taken.error);
    if (taken.value === undefined) return read;
    read.push(taken.value);
  }
}

function faultOf(frame: Uint8Array): string {
  const reader = new RemoteFrameReader();
  reader.push(frame);
  const taken = reader.take();
  assert.ok(!taken.ok);
  return taken.error;
}
