/** A short campaign of every target of `npm run fuzz`: enough to notice a decoder that throws, and that each still runs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Prng } from "../../src/base/prng.ts";
import { runCampaign } from "./campaign.ts";
import type { FuzzTarget } from "./fuzz-target.ts";
import { fuzzTargets } from "./targets/fuzz-targets.ts";

const inputs = 1500;

for (const target of fuzzTargets) {
  test(`${target.name}: mutated inputs are read or refused`, {
    skip: target.missing ?? false,
  }, () => {
    const { failures, fault } = runCampaign(target, { seed: 7n, inputs: shareOf(target) });
    assert.deepEqual(
      failures.map(({ input, error }) => `input ${input}: ${error}`),
      [],
    );
    assert.equal(fault, undefined);
  });
}

test("the decoders of DRBD, NBD, metadata and drbd.conf get ten million inputs in all", () => {
  const named =
    /^(drbd-packets|bitmap-code|metadata-superblock|metadata-activity-log|metadata-image|nbd|drbd-conf)$/;
  const total = fuzzTargets
    .filter(({ name }) => named.test(name))
    .reduce((sum, target) => sum + target.inputs, 0);
  assert.ok(total >= 10_000_000, `${total}`);
});

test("an input depends on its seed and number alone, and a failing one is shrunk", () => {
  const seen: string[] = [];
  const target: FuzzTarget = {
    name: "of the test",
    inputs: 10,
    make: (chance) => chance.bytes(40),
    run: (input) => {
      seen.push(Buffer.from(input).toString("hex"));
      if (input.some((byte) => byte > 250)) throw new Error("a byte is too big");
      return "read";
    },
  };
  const { failures } = runCampaign(target, { seed: 3n, inputs: 40 });
  assert.ok(failures.length > 0);
  for (const { input, bytes, shrunk, error } of failures) {
    assert.deepEqual(bytes, new Prng((3n << 32n) ^ BigInt(input)).bytes(40));
    assert.equal(shrunk.length, 1);
    assert.match(error, /^Error: a byte is too big/);
  }
  assert.ok(seen.length > 40);
});

/** Targets that take long for an input are few in a campaign, and so here. */
function shareOf(target: FuzzTarget): number {
  return Math.min(inputs, Math.ceil(target.inputs / 50));
}
