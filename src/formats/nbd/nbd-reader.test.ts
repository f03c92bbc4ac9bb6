import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  clientFlags,
  optionBytes,
  type RequestFields,
  requestBytes,
} from "../../../test/nbd/client-bytes.ts";
import {
  type NbdItem,
  NbdReader,
  type NbdRequest,
  optionDataBytesMax,
  payloadBytesMax,
} from "./nbd-reader.ts";

test("however the bytes are cut, the same options and requests come out", () => {
  fc.assert(
    fc.property(fc.array(requestFields(), { maxLength: 40 }), cuts(), (requests, sizes) => {
      const reader = new NbdReader();
      const stream = Buffer.concat([
        clientFlags(3),
        optionBytes(99, Buffer.from("data")),
        ...requests.map(requestBytes),
      ]);
      const items = readAll(reader, stream, sizes);
      assert.deepEqual(items.slice(0, 2), [
        { kind: "client-flags", flags: 3 },
        { kind: "option", option: 99, data: new Uint8Array(Buffer.from("data")) },
      ]);
      assert.equal(items.length, 2 + requests.length);
      requests.forEach((fields, i) => {
        assertRequest(items[2 + i], fields);
      });
    }),
    { numRuns: 100 },
  );
});

test("a long payload is read into memory of its own, without another byte of the stream", () => {
  const reader = transmissionReader();
  const payload = Buffer.alloc(1_000_000, 7);
  const stream = requestBytes({ type: 1, cookie: 5n, payload });
  put(reader, stream.subarray(0, 100));
  assert.equal(reader.next(), undefined);
  assert.equal(reader.space().length, payload.length - 72);
  put(reader, stream.subarray(100));
  assertRequest(reader.next(), { type: 1, cookie: 5n, payload });
  assert.equal(reader.next(), undefined);
});

test("memory that was handed out as a payload is not written again", () => {
  const reader = transmissionReader();
  const payloads: Uint8Array[] = [];
  for (let i = 0; i < 500; i++) {
    put(reader, requestBytes({ type: 1, cookie: BigInt(i), payload: Buffer.alloc(4096, i) }));
    const item = reader.next();
    assert.ok(item?.kind === "request" && item.payload !== undefined);
    payloads.push(item.payload);
  }
  payloads.forEach((payload, i) => {
    assert.ok(payload.every((byte) => byte === (i & 0xff)));
  });
});

test("memory is used again when what lies in it was given back, and not before", () => {
  const size = fc.oneof(
    fc.integer({ min: 1, max: 9000 }),
    fc.integer({ min: 60_000, max: 90_000 }),
  );
  const step = fc.record({ length: size, giveBack: fc.array(fc.nat(), { maxLength: 3 }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
      const reader = transmissionReader();
      let held: { readonly request: NbdRequest; readonly value: number }[] = [];
      steps.forEach(({ length, giveBack }, i) => {
        const value = i & 0xff;
        put(reader, requestBytes({ type: 1, cookie: 1n, payload: Buffer.alloc(length, value) }));
        const request = reader.next();
        assert.ok(request?.kind === "request");
        held.push({ request, value });
        for (const number of giveBack) {
          const [given] = held.splice(number % Math.max(1, held.length), 1);
          if (given?.request.block !== undefined) reader.giveBack(given.request.block);
        }
        for (const one of held) assert.ok(one.request.payload?.every((byte) => byte === one.value));
      });
      held = [];
    }),
    { numRuns: 40 },
  );
});

test("a client whose writes are answered costs no further memory", () => {
  let allocations = 0;
  const reader = new NbdReader((lengthBytes) => {
    allocations++;
    return new Uint8Array(lengthBytes);
  });
  put(reader, Buffer.concat([clientFlags(3), optionBytes(7)]));
  while (reader.next() !== undefined);
  reader.beginTransmission();
  for (let i = 0; i < 300; i++) {
    for (const length of [4096, 200_000]) {
      put(reader, requestBytes({ type: 1, cookie: 1n, payload: Buffer.alloc(length, i) }));
      const request = reader.next();
      assert.ok(request?.kind === "request" && request.block !== undefined);
      reader.giveBack(request.block);
    }
  }
  // Two chunks in turn, and one for the long payload.
  assert.ok(allocations <= 3, `${allocations} allocations`);
});

test("a reader that only sees reads goes on in the memory that it has", () => {
  let allocated = 0;
  const reader = new NbdReader((lengthBytes) => {
    allocated += lengthBytes;
    return new Uint8Array(lengthBytes);
  });
  put(reader, Buffer.concat([clientFlags(3), optionBytes(7)]));
  while (reader.next() !== undefined);
  reader.beginTransmission();
  const before = allocated;
  for (let i = 0; i < 100_000; i++) {
    put(reader, requestBytes({ type: 0, cookie: BigInt(i), length: 4096 }));
    assert.ok(reader.next() !== undefined);
  }
  assert.equal(allocated, before);
});

test("offsets beyond 2^53 are read as something beyond every export", () => {
  const reader = transmissionReader();
  put(reader, requestBytes({ type: 0, cookie: 1n, offset: 0xffffffffffffffffn, length: 512 }));
  const item = reader.next();
  assert.ok(item?.kind === "request" && item.offset > Number.MAX_SAFE_INTEGER);
});

test("a wrong magic number, an overlong option and an overlong write end the stream", () => {
  const wrong = transmissionReader();
  put(wrong, Buffer.alloc(28, 1));
  assert.equal(wrong.next()?.kind, "broken");
  assert.equal(wrong.next(), undefined);

  const long = transmissionReader();
  put(long, requestBytes({ type: 1, cookie: 1n, length: payloadBytesMax + 1 }));
  assert.equal(long.next()?.kind, "broken");

  const option = new NbdReader();
  put(option, clientFlags(3));
  option.next();
  const head = Buffer.from(optionBytes(3));
  head.writeUInt32BE(optionDataBytesMax + 1, 12);
  put(option, head);
  assert.equal(option.next()?.kind, "broken");
});

test("arbitrary bytes never throw", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, transmission) => {
      const reader = transmission ? transmissionReader() : new NbdReader();
      put(reader, bytes);
      for (let i = 0; i < 100 && reader.next() !== undefined; i++);
      assert.ok(reader.space().length > 0);
    }),
  );
});

function transmissionReader(): NbdReader {
  const reader = new NbdReader();
  put(reader, clientFlags(3));
  assert.equal(reader.next()?.kind, "client-flags");
  reader.beginTransmission();
  return reader;
}

function put(reader: NbdReader, bytes: Uint8Array): void {
  let at = 0;
  while (at < bytes.length) {
    const space = reader.space();
    const part = bytes.subarray(at, at + space.length);
    space.set(part);
    reader.received(part.length);
    at += part.length;
  }
}

function readAll(reader: NbdReader, stream: Uint8Array, sizes: readonly number[]): NbdItem[] {
  const items: NbdItem[] = [];
  let at = 0;
  for (let cut = 0; at < stream.length; cut++) {
    const space = reader.space();
    const length = Math.min(sizes[cut % sizes.length] ?? 1, space.length, stream.length - at);
    space.set(stream.subarray(at, at + length));
    reader.received(length);
    at += length;
    for (let item = reader.next(); item !== undefined; item = reader.next()) {
      items.push(item);
      if (item.kind === "option") reader.beginTransmission();
    }
  }
  return items;
}

function requestFields(): fc.Arbitrary<RequestFields> {
  const head = {
    flags: fc.nat(0xffff),
    cookie: fc.bigInt({ min: 0n, max: 0xffffffffffffffffn }),
    offset: fc.nat(2 ** 31 - 1),
  };
  const payload = fc
    .oneof(fc.nat(8192), fc.integer({ min: 60_000, max: 300_000 }))
    .map((length) => Buffer.alloc(length, length % 251));
  return fc.oneof(
    fc.record({ ...head, type: fc.constantFrom(0, 3, 4, 6, 7), length: fc.nat(2 ** 31 - 1) }),
    fc.record({ ...head, type: fc.constant(1), payload }),
  );
}

function cuts(): fc.Arbitrary<number[]> {
  const size = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1000, max: 300_000 }));
  return fc.array(size, { minLength: 1, maxLength: 20 });
}

function assertRequest(item: NbdItem | undefined, fields: RequestFields): void {
  assert.ok(item?.kind === "request");
  const cookie = (BigInt(item.cookieHigh) << 32n) | BigInt(item.cookieLow);
  assert.deepEqual(
    [item.command, item.flags, cookie, item.offset, item.lengthBytes],
    [
      fields.type,
      fields.flags ?? 0,
      fields.cookie,
      Number(fields.offset ?? 0),
      fields.payload?.length ?? fields.length,
    ],
  );
  if (fields.payload === undefined) assert.equal(item.payload, undefined);
  else assert.ok(Buffer.from(item.payload ?? []).equals(fields.payload));
}
