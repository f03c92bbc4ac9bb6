import assert from "node:assert/strict";
import { test } from "node:test";
import { PacketType } from "../../src/formats/drbd/packet-type.ts";
import { kernelPeer } from "./kernel-peer.ts";

const peer = kernelPeer();
const { skip } = peer;

for (const algorithm of ["md5", "sha1", "sha256", "sha512"]) {
  test(`with the same secret they authenticate each other by ${algorithm}`, { skip }, async () => {
    await peer.with({ net: secret("of both", algorithm) }, async (pair) => {
      await pair.connect();
      assert.ok(pair.tap.sent("ours", PacketType.AuthResponse).length > 0);
      assert.match(await pair.kernel.log(), /Peer authenticated using \d+ bytes HMAC/);
      assert.match(pair.ours.log(), /Peer authenticated using \d+ bytes HMAC/);
    });
  });
}

test("with different secrets both refuse the other", { skip }, async () => {
  const choices = { oursNet: secret("of one", "sha1"), kernelNet: secret("of the other", "sha1") };
  await peer.with(choices, async (pair) => {
    await pair.ours.up();
    await pair.kernel.drbdadm("up");
    await pair.ours.until(({ connection }) => connection.state === "StandAlone");
    await pair.kernel.until("cs:StandAlone");
    assert.match(pair.ours.log(), /Authentication of peer failed/);
    assert.match(await pair.kernel.log(), /Authentication of peer failed/);
  });
});

test("a kernel without a secret is refused by us", { skip }, async () => {
  await peer.with({ oursNet: secret("of one", "sha1") }, async (pair) => {
    await pair.ours.up();
    await pair.kernel.drbdadm("up");
    await pair.ours.until(({ connection }) => connection.state === "StandAlone");
    assert.match(pair.ours.log(), /expected AuthChallenge packet, received: P_PROTOCOL/);
  });
});

test("a kernel with a secret refuses us without one", { skip }, async () => {
  await peer.with({ kernelNet: secret("of the kernel", "sha1") }, async (pair) => {
    await pair.ours.up();
    await pair.kernel.drbdadm("up");
    await pair.kernel.until("cs:StandAlone");
  });
});

/** Which of the two reads the other's word first is chance: that one says why and stays alone. */
const differences: readonly (readonly [name: string, ours: string, kernel: string])[] = [
  ["protocol", "protocol C;", "protocol A;"],
  ["after-sb-1pri", "", "after-sb-1pri consensus;"],
  ["allow-two-primaries", "", "allow-two-primaries;"],
  ["verify-alg", "verify-alg sha1;", "verify-alg md5;"],
];

for (const [name, oursNet, kernelNet] of differences) {
  test(`with another ${name} on each side they don't work together`, { skip }, async () => {
    await peer.with({ oursNet, kernelNet }, async (pair) => {
      await pair.ours.up();
      await pair.kernel.drbdadm("up");
      await pair.oneIsAlone();
      const words = new RegExp(`(incompatible|Different) ${name}`, "i");
      assert.match(`${pair.ours.log()}${await pair.kernel.log()}`, words);
      assert.notEqual((await pair.ours.status()).connection.state, "Connected");
    });
  });
}

function secret(words: string, algorithm: string): string {
  return `cram-hmac-alg ${algorithm}; shared-secret "${words}";`;
}
