/** data-integrity-alg: what is changed on its way costs the connection, and nobody's data. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { blockBytes, Pair, pattern } from "./pair.ts";

const net = { dataIntegrityAlg: "crc32c" } as const;

test("data go sealed in both directions: writes, zeros, reads of the peer's copy, resyncs", () => {
  const pair = Pair.inSync({ net });
  pair.admin(pair.alpha, { name: "primary" });
  assert.equal(pair.write(pair.alpha, 0, pattern(16 * blockBytes, 1)).error, undefined);
  pair.admin(pair.alpha, { name: "detach", volume: 0 });
  assert.deepEqual(pair.read(pair.alpha, 0, 4 * blockBytes).bytes, pattern(4 * blockBytes, 1));
  pair.write(pair.alpha, 3 * blockBytes, pattern(blockBytes, 2));
  pair.alpha.attach(0);
  pair.until(() => pair.bothUpToDate());
  pair.assertEqualData();
  assert.ok(pair.sent(pair.alpha, "P_DATA") > 0 && pair.sent(pair.bravo, "P_DATA_REPLY") > 0);
  assert.ok(pair.sent(pair.bravo, "P_RS_DATA_REPLY") > 0);
  assert.equal(pair.sent(pair.alpha, "P_ZEROES"), 0);
});

test("with it zeros are sent as P_TRIM: nobody seals a P_ZEROES", () => {
  const pair = Pair.inSync({ net });
  pair.admin(pair.alpha, { name: "primary" });
  pair.write(pair.alpha, 0, pattern(16 * blockBytes, 1));
  assert.equal(pair.zero(pair.alpha, 0, 8 * blockBytes).error, undefined);
  assert.equal(pair.sent(pair.alpha, "P_TRIM"), 1);
  pair.assertEqualData();
});

test("a changed byte ends the connection before it is written, and the resync after it repairs", () => {
  const pair = Pair.inSync({ net });
  pair.admin(pair.alpha, { name: "primary" });
  let spoiled = 0;
  pair.alpha.mutation = (_, effect) => {
    const data = effect.kind === "send" && effect.parts.length === 3 ? effect.parts : undefined;
    if (effect.kind !== "send" || data === undefined || spoiled++ > 0) return undefined;
    const changed = data.map((part) => part.slice());
    const last = changed[2] as Uint8Array;
    last[100] = (last[100] as number) ^ 1;
    return { ...effect, parts: changed };
  };
  assert.equal(pair.write(pair.alpha, 0, pattern(blockBytes, 1)).error, undefined);
  const told = pair.told(pair.bravo, "protocol-error")[0]?.message ?? "";
  assert.match(told, /^Digest integrity check FAILED: 0 \+4096\./);
  pair.until(() => pair.bothUpToDate());
  pair.assertEqualData();
});

test("only one side with it, or two with different ones: they stay apart", () => {
  for (const dataIntegrityAlg of ["", "sha1"]) {
    const pair = new Pair({ net, bravoNet: { dataIntegrityAlg } });
    pair.alpha.start();
    pair.bravo.start();
    pair.until(() => pair.told(pair.alpha, "connection-refused").length > 0);
    assert.match(
      pair.told(pair.alpha, "connection-refused")[0]?.message ?? "",
      /incompatible data-integrity-alg/,
    );
  }
});

test("an algorithm that is not known is refused by its name before anything is connected", () => {
  const pair = new Pair();
  pair.start();
  pair.admin(pair.alpha, { name: "disconnect" });
  const refusal = pair.tryAdmin(pair.alpha, {
    name: "net-options",
    change: { dataIntegrityAlg: "crc64" },
  });
  assert.match(
    refusal?.message ?? "",
    /^data-integrity-alg "crc64" is not known; there are crc32c,/,
  );
});
