import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { encodeUtf8 } from "../../base/utf8.ts";
import { parseAuthKeys } from "../authkeys/parse-authkeys.ts";
import { keyringOf } from "./authkeys-keyring.ts";
import {
  addressesMax,
  announcementBytesMax,
  announcementFits,
  decodeHeartbeat,
  encodeHeartbeat,
  type Heartbeat,
  heardEntriesMax,
} from "./heartbeat.ts";
import type { Keyring } from "./keyring.ts";
import { openPacket, packetBytesMax, sealPacket } from "./sealed-packet.ts";

const sha1 = keyring("auth 1\n1 sha1 0123456789abcdef");

test("a sealed packet opens with the same key, and says what was put in", () => {
  for (const method of ["crc", "md5 k12345678901", "sha1 k12345678901", "sha512 k12345678901"]) {
    const keys = keyring(`auth 3\n3 ${method}`);
    const bytes = sealPacket({ kind: 1, sender: "xen1", body: Uint8Array.of(1, 2, 3) }, keys);
    assert.deepEqual(openPacket(bytes, keys), {
      ok: true,
      value: { kind: 1, sender: "xen1", body: Uint8Array.of(1, 2, 3) },
    });
  }
});

test("any listed key verifies, whichever signs: keys are changed on one node after the other", () => {
  const before = keyring("auth 1\n1 sha1 first-secret-key\n2 sha256 second-secret-key");
  const then = keyring("auth 2\n1 sha1 first-secret-key\n2 sha256 second-secret-key");
  const packet = { kind: 1, sender: "xen1", body: Uint8Array.of(7) };
  assert.ok(openPacket(sealPacket(packet, then), before).ok);
  assert.ok(openPacket(sealPacket(packet, before), then).ok);
});

test("a changed bit anywhere is refused", () => {
  const sealed = sealPacket({ kind: 1, sender: "xen1", body: Uint8Array.of(1, 2) }, sha1);
  for (let bit = 0; bit < sealed.length * 8; bit++) {
    const changed = sealed.slice();
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    assert.equal(openPacket(changed, sha1).ok, false, `bit ${bit}`);
  }
});

test("another key, a key that is not listed, another version and Heartbeat's own packets are told apart", () => {
  const packet = { kind: 1, sender: "xen1", body: Uint8Array.of(1) };
  const other = keyring("auth 1\n1 sha1 another-secret-key");
  assert.deepEqual(reason(sealPacket(packet, other), sha1), "bad-signature");
  const unlisted = keyring("auth 9\n9 sha1 0123456789abcdef");
  assert.deepEqual(reason(sealPacket(packet, unlisted), sha1), "unknown-key");
  assert.deepEqual(reason(encodeUtf8("###\nt=status\nst=active\n%%%\n"), sha1), "heartbeat-2");
  assert.deepEqual(reason(encodeUtf8("GET / HTTP/1.0"), sha1), "foreign");
  assert.deepEqual(reason(withVersion(2), sha1), "other-version");
});

test("whatever bytes arrive, opening and decoding return and never throw", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      openPacket(bytes, sha1);
      openPacket(Uint8Array.of(...encodeUtf8("HFcp"), ...bytes), sha1);
      decodeHeartbeat(bytes);
    }),
  );
});

test("decoding a heartbeat gives what was encoded", () => {
  fc.assert(
    fc.property(heartbeats(), (heartbeat) => {
      assert.deepEqual(decodeHeartbeat(encodeHeartbeat(heartbeat)), heartbeat);
    }),
  );
});

test("a shortened heartbeat, or one with more behind it, makes no sense", () => {
  fc.assert(
    fc.property(heartbeats(), fc.nat(), (heartbeat, cut) => {
      const bytes = encodeHeartbeat(heartbeat);
      assert.equal(decodeHeartbeat(bytes.subarray(0, cut % bytes.length)), undefined);
      assert.equal(decodeHeartbeat(Uint8Array.of(...bytes, 0)), undefined);
    }),
  );
});

test("the fullest heartbeat with the longest signature fits into one frame of an Ethernet", () => {
  const name = `n${"a".repeat(62)}`;
  const entry = { name, incarnation: 1n, sequence: 1, episode: 0, hears: true };
  const announcement = { k: "v".repeat(announcementBytesMax - 5) };
  assert.ok(announcementFits(announcement));
  assert.ok(!announcementFits({ ...announcement, l: "" }));
  const body = encodeHeartbeat({
    ...plainHeartbeat,
    addresses: Array.from({ length: addressesMax }, () => "255.255.255.255"),
    heard: Array.from({ length: heardEntriesMax }, () => entry),
    announcement,
  });
  const longest = keyring(`auth 1\n1 sha512 0123456789abcdef`);
  const sealed = sealPacket({ kind: 1, sender: name, body }, longest);
  assert.ok(sealed.length <= packetBytesMax);
});

const plainHeartbeat: Heartbeat = {
  uuid: "00112233-4455-6677-8899-aabbccddeeff",
  incarnation: 1n,
  bootId: 2n,
  sequence: 3,
  intent: "running",
  holdMs: 0,
  answerAtOnce: false,
  addresses: [],
  heard: [],
  announcement: {},
};

function heartbeats(): fc.Arbitrary<Heartbeat> {
  const u64 = fc.bigInt({ min: 0n, max: 0xffffffffffffffffn });
  const sequence = fc.nat({ max: Number.MAX_SAFE_INTEGER });
  const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,20}$/);
  const text = fc.string({ unit: "grapheme", maxLength: 10 });
  const plain = { noNullPrototype: true };
  return fc.record(
    {
      uuid: fc.uuid().map((uuid) => uuid.toLowerCase()),
      incarnation: u64,
      bootId: u64,
      sequence,
      intent: fc.constantFrom("running", "restarting", "leaving"),
      holdMs: fc.nat({ max: 0xffffffff }),
      answerAtOnce: fc.boolean(),
      addresses: fc.array(fc.ipV4(), { maxLength: addressesMax }),
      heard: fc.array(
        fc.record(
          {
            name,
            incarnation: u64,
            sequence,
            episode: fc.nat({ max: 0xffffffff }),
            hears: fc.boolean(),
          },
          plain,
        ),
        { maxLength: heardEntriesMax },
      ),
      announcement: fc
        .uniqueArray(fc.tuple(text, text), { selector: ([key]) => key, maxLength: 5 })
        .map((entries) => Object.fromEntries(entries))
        .filter(announcementFits),
    },
    plain,
  );
}

function withVersion(version: number): Uint8Array {
  const sealed = sealPacket({ kind: 1, sender: "xen1", body: Uint8Array.of(1) }, sha1);
  const content = sealed.slice(0, sealed.length - 21);
  content[4] = version;
  return Uint8Array.of(...content, ...sha1.sign(content), 20);
}

function reason(bytes: Uint8Array, keys: Keyring): string {
  const opened = openPacket(bytes, keys);
  assert.ok(!opened.ok);
  return opened.error.reason;
}

function keyring(text: string): Keyring {
  const parsed = parseAuthKeys(text, "authkeys");
  assert.ok(parsed.ok);
  return keyringOf(parsed.value.value);
}
