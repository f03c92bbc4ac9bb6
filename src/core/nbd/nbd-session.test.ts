import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  clientFlags,
  goData,
  metaContextData,
  optionBytes,
  type RequestFields,
  requestBytes,
} from "../../../test/nbd/client-bytes.ts";
import { NbdSession } from "./nbd-session.ts";
import { requestsMax } from "./nbd-transmission.ts";
import type { NbdEffect, NbdEvent, NbdIo } from "./types.ts";

const sizeBytes = 1 << 30;
const details = { name: "0", volume: 0, sizeBytes, description: "vm1 volume 0" };
const go = 7;
const info = 6;
const ack = 1;

test("the greeting offers fixed newstyle without zeroes", () => {
  const [effect] = new NbdSession().greet();
  assert.ok(effect?.kind === "send");
  assert.equal(hex(effect.parts), "4e42444d41474943494841564 54f5054 0003".replaceAll(" ", ""));
});

test("GO asks for the export and enters the transmission phase", () => {
  const client = new Client();
  client.give(clientFlags(3), optionBytes(go, goData("0", [3])));
  assert.deepEqual(client.taken("ask-export"), [
    { kind: "ask-export", name: "0", purpose: "open" },
  ]);
  client.tell({ kind: "export", details });
  const replies = client.optionReplies();
  assert.deepEqual(
    replies.map((reply) => [reply.option, reply.type]),
    [
      [go, 3],
      [go, 3],
      [go, ack],
    ],
  );
  // NBD_INFO_EXPORT: size, and flags HAS_FLAGS FLUSH FUA TRIM WRITE_ZEROES MULTI_CONN.
  assert.equal(replies[0]?.data, "0000" + "0000000040000000" + "016d");
  // NBD_INFO_BLOCK_SIZE: 512, 4096, 32 MiB.
  assert.equal(replies[1]?.data, "0003" + "00000200" + "00001000" + "02000000");
  client.give(requestBytes({ type: 3, cookie: 9n }));
  assert.deepEqual(client.io(), [{ kind: "flush", id: 0, volume: 0 }]);
});

test("a volume of 64 TiB is told and used to its last sector", () => {
  const whole = 64 * 2 ** 40;
  const client = new Client();
  client.give(clientFlags(3), optionBytes(go, goData("0")));
  client.tell({ kind: "export", details: { ...details, sizeBytes: whole } });
  assert.equal(client.optionReplies()[0]?.data.slice(4, 20), "0000400000000000");
  const last = whole - 512;
  client.give(requestBytes({ type: 0, cookie: 1n, offset: last, length: 512 }));
  assert.deepEqual(client.io(), [{ kind: "read", id: 0, volume: 0, offset: last, length: 512 }]);
  client.give(requestBytes({ type: 4, cookie: 2n, offset: last, length: 512 }));
  const [discard] = client.io();
  assert.ok(discard?.kind === "discard");
  assert.equal(discard.offset, last);
  for (const offset of [whole, 2n ** 63n, 2n ** 64n - 512n]) {
    client.sent();
    client.give(requestBytes({ type: 0, cookie: 3n, offset, length: 512 }));
    assert.deepEqual(client.io(), []);
    assert.equal(client.sent().toString("hex"), "67446698" + "00000016" + "0000000000000003");
  }
});

test("an export that is refused leaves the client in the negotiation", () => {
  const client = new Client();
  client.give(clientFlags(3), optionBytes(go, goData("7")));
  client.tell({ kind: "export-refused", reason: "unknown", message: "there is no volume 7" });
  client.give(optionBytes(info, goData("0")));
  client.tell({ kind: "export-refused", reason: "refused", message: "Secondary" });
  assert.deepEqual(
    client.optionReplies().map((reply) => [reply.option, reply.type]),
    [
      [go, 0x80000006],
      [info, 0x80000002],
    ],
  );
  client.give(optionBytes(2));
  assert.deepEqual(client.taken("end"), [{ kind: "end" }]);
});

test("INFO describes the export and opens nothing", () => {
  const client = new Client();
  client.give(clientFlags(3), optionBytes(info, goData("", [1, 2])));
  assert.deepEqual(client.taken("ask-export"), [
    { kind: "ask-export", name: "", purpose: "describe" },
  ]);
  client.tell({ kind: "export", details });
  const texts = client.optionReplies().map((reply) => Buffer.from(reply.data, "hex"));
  assert.equal(texts[1]?.subarray(2).toString(), "0");
  assert.equal(texts[2]?.subarray(2).toString(), "vm1 volume 0");
  client.give(optionBytes(3));
  assert.equal(client.taken("list-exports").length, 1);
  client.tell({ kind: "exports", names: ["0", "standby-0"] });
  assert.deepEqual(
    client.optionReplies().map((reply) => Buffer.from(reply.data, "hex").subarray(4).toString()),
    ["0", "standby-0", ""],
  );
});

test("EXPORT_NAME is answered without a frame, with zeroes only for old clients, or by the end", () => {
  for (const [flags, length] of [
    [1, 134],
    [3, 10],
  ] as const) {
    const client = new Client();
    client.give(clientFlags(flags), optionBytes(1, Buffer.from("0")));
    client.tell({ kind: "export", details });
    assert.equal(client.sent().length, length);
  }
  const refused = new Client();
  refused.give(clientFlags(3), optionBytes(1, Buffer.from("9")));
  refused.tell({ kind: "export-refused", reason: "unknown", message: "no" });
  assert.deepEqual(refused.taken("end"), [{ kind: "end", reason: "no" }]);
});

test("unknown options and options with wrong data are refused by reply", () => {
  const client = new Client();
  client.give(
    clientFlags(3),
    optionBytes(5),
    optionBytes(11),
    optionBytes(8, Buffer.from("x")),
    optionBytes(3, Buffer.from("x")),
    optionBytes(go, Buffer.from("xx")),
    optionBytes(10, metaContextData("0", ["base:allocation"])),
  );
  const types = client.optionReplies().map((reply) => reply.type - 0x80000000);
  assert.deepEqual(types, [1, 1, 3, 3, 3, 3]);
});

test("unknown client flags end the connection", () => {
  const client = new Client();
  client.give(clientFlags(4));
  assert.match(JSON.stringify(client.taken("end")), /unknown client flags 0x4/);
});

test("the allocation context is for the export for which it was selected", () => {
  for (const [name, known] of [
    ["0", true],
    ["1", false],
  ] as const) {
    const client = new Client();
    client.give(
      clientFlags(3),
      optionBytes(8),
      optionBytes(10, metaContextData(name, ["qemu:x", "base:allocation"])),
      optionBytes(go, goData("0")),
    );
    client.tell({ kind: "export", details });
    client.sent();
    client.give(requestBytes({ type: 7, cookie: 1n, offset: 0, length: 65536 }));
    assert.equal(client.taken("allocation").length, known ? 1 : 0);
    if (!known) assert.match(client.sent().toString("latin1"), /not known here/);
  }
});

test("block status answers extents, and data where nothing is known", () => {
  const client = structuredClient();
  const ask = (flags: number): number => {
    client.give(requestBytes({ type: 7, cookie: 1n, offset: 4096, length: 8192, flags }));
    return (client.taken("allocation")[0] as { id: number }).id;
  };
  const extents = [
    { lengthBytes: 4096, hole: true },
    { lengthBytes: 4096, hole: false },
  ];
  client.tell({ kind: "allocation-reply", id: ask(0), extents });
  assert.equal(
    client.sent().subarray(20).toString("hex"),
    "00000001" + "00001000" + "00000003" + "00001000" + "00000000",
  );
  client.tell({ kind: "allocation-reply", id: ask(8), extents });
  assert.equal(client.sent().length, 20 + 12);
  client.tell({ kind: "allocation-reply", id: ask(0) });
  assert.equal(client.sent().subarray(20).toString("hex"), "00000001" + "00002000" + "00000000");
});

test("requests become I/O with their flags", () => {
  const client = simpleClient();
  const payload = Buffer.alloc(1024, 3);
  client.give(
    requestBytes({ type: 1, flags: 1, cookie: 1n, offset: 512, payload }),
    requestBytes({ type: 6, flags: 2, cookie: 2n, offset: 0, length: 4096 }),
    requestBytes({ type: 6, flags: 1, cookie: 3n, offset: 0, length: 4096 }),
    requestBytes({ type: 4, cookie: 4n, offset: 100, length: 2000 }),
  );
  const [write, ...rest] = client.io();
  assert.ok(write?.kind === "write");
  assert.deepEqual([write.offset, write.fua, write.bytes.length], [512, true, 1024]);
  const zero = { volume: 0, offset: 0, length: 4096 };
  assert.deepEqual(rest, [
    { kind: "write-zeroes", id: 1, ...zero, mayUnmap: false, fua: false },
    { kind: "write-zeroes", id: 2, ...zero, mayUnmap: true, fua: true },
    { kind: "discard", id: 3, volume: 0, offset: 512, length: 1536, mayUnmap: true, fua: false },
  ]);
});

test("a trim of less than a sector is done at once", () => {
  const client = simpleClient();
  client.give(requestBytes({ type: 4, cookie: 4n, offset: 100, length: 200 }));
  assert.deepEqual(client.io(), []);
  assert.equal(client.sent().toString("hex"), "67446698" + "00000000" + "0000000000000004");
});

test("a read is answered by head and data, framed or not, simple or structured", () => {
  const bytes = Buffer.alloc(512, 9);
  for (const structured of [false, true]) {
    for (const isFramed of [false, true]) {
      const client = structured ? structuredClient() : simpleClient();
      client.give(
        requestBytes({ type: 0, cookie: 0x1122334455667788n, offset: 1024, length: 512 }),
      );
      const [read] = client.io();
      assert.ok(read?.kind === "read");
      const head = client.session.readHeadBytes;
      const framed = Buffer.concat([Buffer.alloc(head), bytes]);
      client.tell({
        kind: "io-reply",
        id: read.id,
        bytes: isFramed ? framed.subarray(head) : bytes,
        ...(isFramed ? { framed } : {}),
      });
      const expected = structured
        ? "668e33ef" + "0001" + "0001" + "1122334455667788" + "00000208" + "0000000000000400"
        : "67446698" + "00000000" + "1122334455667788";
      const sent = client.sent();
      assert.equal(sent.subarray(0, head).toString("hex"), expected);
      assert.ok(sent.subarray(head).equals(bytes));
    }
  }
});

test("wrong requests are refused by reply and the connection goes on", () => {
  const cases: readonly (readonly [RequestFields, number])[] = [
    [{ type: 0, cookie: 1n, offset: sizeBytes, length: 512 }, 22],
    [{ type: 1, cookie: 1n, offset: sizeBytes - 512, payload: Buffer.alloc(1024) }, 28],
    [{ type: 6, cookie: 1n, offset: sizeBytes, length: 512 }, 28],
    [{ type: 4, cookie: 1n, offset: sizeBytes, length: 512 }, 22],
    [{ type: 0, cookie: 1n, offset: 0, length: 0 }, 22],
    [{ type: 0, cookie: 1n, offset: 1, length: 512 }, 22],
    [{ type: 1, cookie: 1n, offset: 0, payload: Buffer.alloc(100) }, 22],
    [{ type: 0, cookie: 1n, offset: 0, length: 64 << 20 }, 75],
    [{ type: 0, cookie: 1n, offset: 0, length: 512, flags: 4 }, 22],
    [{ type: 6, cookie: 1n, offset: 0, length: 512, flags: 16 }, 22],
    [{ type: 5, cookie: 1n, offset: 0, length: 512 }, 22],
    [{ type: 7, cookie: 1n, offset: 0, length: 512 }, 22],
    [{ type: 99, cookie: 1n, offset: 0, length: 512 }, 22],
  ];
  const client = simpleClient();
  for (const [fields, error] of cases) {
    client.give(requestBytes(fields));
    assert.deepEqual(client.io(), []);
    assert.equal(client.sent().readUInt32BE(4), error, JSON.stringify(fields, asText));
  }
});

test("errors of the disk arrive as errno and, structured, with a sentence", () => {
  const names = ["invalid", "not-primary", "no-data", "io-error", "no-space"] as const;
  const numbers = [22, 1, 5, 5, 28];
  names.forEach((error, i) => {
    for (const client of [simpleClient(), structuredClient()]) {
      client.give(requestBytes({ type: 1, cookie: 1n, offset: 0, payload: Buffer.alloc(512) }));
      client.tell({ kind: "io-reply", id: client.io()[0]?.id ?? -1, error });
      const sent = client.sent();
      const structured = sent.readUInt32BE(0) === 0x668e33ef;
      assert.equal(sent.readUInt32BE(structured ? 20 : 4), numbers[i]);
    }
  });
});

test("at the limit of unanswered requests the client is not listened to, then again", () => {
  const client = simpleClient();
  const flush = (i: number): Uint8Array => requestBytes({ type: 3, cookie: BigInt(i) });
  client.give(...Array.from({ length: requestsMax + 10 }, (_, i) => flush(i)));
  const first = client.io();
  assert.equal(first.length, requestsMax);
  assert.deepEqual(client.taken("reading"), [{ kind: "reading", wanted: false }]);
  client.tell({ kind: "io-reply", id: 3 });
  assert.equal(client.io().length, 1);
  assert.deepEqual(client.taken("reading"), []);
  for (let id = 4; id < 14; id++) client.tell({ kind: "io-reply", id });
  assert.deepEqual(client.taken("reading"), [{ kind: "reading", wanted: true }]);
});

test("DISC ends the connection after the last answer", () => {
  const client = simpleClient();
  client.give(requestBytes({ type: 3, cookie: 1n }), requestBytes({ type: 2, cookie: 2n }));
  assert.deepEqual(client.taken("end"), []);
  client.give(requestBytes({ type: 3, cookie: 3n }));
  const [flush, ...none] = client.io();
  assert.deepEqual(none, []);
  client.tell({ kind: "io-reply", id: flush?.id ?? -1 });
  assert.deepEqual(client.taken("end"), [{ kind: "end" }]);
});

test("a client that is sent away gets the answers to what was begun, and nothing more is begun", () => {
  const client = simpleClient();
  client.give(requestBytes({ type: 3, cookie: 1n }));
  const [flush] = client.io();
  client.tell({ kind: "dismiss" });
  client.give(requestBytes({ type: 3, cookie: 2n }));
  assert.deepEqual([client.io(), client.taken("end")], [[], []]);
  client.tell({ kind: "io-reply", id: flush?.id ?? -1 });
  assert.equal(client.sent().length, 16);
  assert.deepEqual(client.taken("end"), [{ kind: "end" }]);
  const idle = simpleClient();
  idle.tell({ kind: "dismiss" });
  assert.deepEqual(idle.taken("end"), [{ kind: "end" }]);
});

test("of a client that is gone nothing more is begun, and what was begun is finished", () => {
  const client = simpleClient();
  const flushes = Array.from({ length: requestsMax + 5 }, (_, i) => ({
    type: 3,
    cookie: BigInt(i),
  }));
  client.give(...flushes.map(requestBytes));
  const ids = client.io().map((request) => request.id);
  client.tell({ kind: "gone" });
  for (const id of ids) client.tell({ kind: "io-reply", id });
  assert.deepEqual(client.io(), []);
  assert.equal(client.session.unanswered, 0);
});

test("rubbish instead of a request ends the connection with a reason", () => {
  const client = simpleClient();
  client.give(Buffer.alloc(28, 255));
  assert.match(JSON.stringify(client.taken("end")), /magic/);
});

test("every request is answered exactly once with its own cookie, in whatever order", () => {
  const shuffled = fc
    .integer({ min: 1, max: 60 })
    .chain((n) => fc.shuffledSubarray([...Array(n).keys()], { minLength: n, maxLength: n }));
  fc.assert(
    fc.property(shuffled, (order) => {
      const client = simpleClient();
      client.give(...order.map((_, i) => requestBytes({ type: 3, cookie: BigInt(i) })));
      const ids = client.io().map((request) => request.id);
      for (const i of order) client.tell({ kind: "io-reply", id: ids[i] ?? -1 });
      const sent = client.sent();
      const cookies = order.map((_, i) => Number(sent.readBigUInt64BE(16 * i + 8)));
      assert.deepEqual(cookies, order);
      assert.equal(client.session.unanswered, 0);
    }),
  );
});

/** Drives a session and keeps its effects until they are looked at. */
class Client {
  readonly session: NbdSession = new NbdSession();
  #effects: NbdEffect[] = [];

  give(...chunks: readonly Uint8Array[]): void {
    const bytes = Buffer.concat(chunks);
    for (let at = 0; at < bytes.length; ) {
      const space = this.session.receiveInto();
      const part = bytes.subarray(at, at + space.length);
      space.set(part);
      at += part.length;
      this.tell({ kind: "received", lengthBytes: part.length });
    }
  }

  tell(event: NbdEvent): void {
    this.#effects.push(...this.session.handle(event));
  }

  taken(kind: NbdEffect["kind"]): NbdEffect[] {
    const found = this.#effects.filter((effect) => effect.kind === kind);
    this.#effects = this.#effects.filter((effect) => effect.kind !== kind);
    return found;
  }

  io(): NbdIo[] {
    return this.taken("io").map((effect) => (effect as { request: NbdIo }).request);
  }

  sent(): Buffer {
    const parts = this.taken("send").flatMap((effect) =>
      effect.kind === "send" ? effect.parts : [],
    );
    return Buffer.concat(parts);
  }

  optionReplies(): { option: number; type: number; data: string }[] {
    const bytes = this.sent();
    const replies = [];
    for (let at = 0; at < bytes.length; ) {
      assert.equal(bytes.toString("hex", at, at + 8), "0003e889045565a9");
      const end = at + 20 + bytes.readUInt32BE(at + 16);
      replies.push({
        option: bytes.readUInt32BE(at + 8),
        type: bytes.readUInt32BE(at + 12),
        data: bytes.toString("hex", at + 20, end),
      });
      at = end;
    }
    return replies;
  }
}

function simpleClient(): Client {
  const client = new Client();
  client.give(clientFlags(3), optionBytes(go, goData("0")));
  client.tell({ kind: "export", details });
  client.sent();
  client.taken("reading");
  client.taken("ask-export");
  return client;
}

function structuredClient(): Client {
  const client = new Client();
  client.give(
    clientFlags(3),
    optionBytes(8),
    optionBytes(10, metaContextData("0", ["base:allocation"])),
    optionBytes(go, goData("0")),
  );
  client.tell({ kind: "export", details });
  client.sent();
  client.taken("reading");
  client.taken("ask-export");
  return client;
}

function hex(parts: readonly Uint8Array[]): string {
  return Buffer.concat(parts).toString("hex");
}

function asText(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}
