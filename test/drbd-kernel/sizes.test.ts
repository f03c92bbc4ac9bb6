/** Volumes that grow while they are connected, and two volumes in one connection. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { runProgram } from "../disk/programs.ts";
import type { KernelPair } from "./kernel-pair.ts";
import { kernelPeer } from "./kernel-peer.ts";

const peer = kernelPeer();
const { skip } = peer;
const small = { disk: "size 8M;" };
const larger = { disk: "size 12M;" };

for (const asker of ["ours", "kernel"] as const) {
  test(`a volume grows while it is written, at the word of ${asker === "ours" ? "our side" : "the kernel's"}`, {
    skip,
  }, async () => {
    await peer.with(small, async (pair) => {
      const { ours, kernel } = pair;
      await pair.bringUp();
      await ours.ask("primary");
      await pair.io("write -P 1 7M 1M", "flush");
      assert.equal(await sizeKib(pair), 8 * 1024);
      await pair.configureKernel(larger);
      await ours.adjust(pair.oursOptions(larger));
      if (asker === "ours") {
        await ours.ask("resize", { volume: 0, sizeSectors: 12 * 2048 });
      } else {
        await kernel.sh("drbdsetup resize 0 --size=24576s");
      }
      await ours.until(({ volumes }) => volumes[0]?.sizeKib === 12 * 1024);
      // Whoever is asked grows first, and then tells the other.
      await kernel.untilSucceeds(`[ $(cat /sys/block/drbd0/size) = ${12 * 2048} ]`);
      await pair.inSync();
      await pair.io("write -P 2 11M 1M", "read -P 1 7M 1M", "flush");
      await pair.assertSameData();
    });
  });
}

test("two volumes share one connection: both sync, write and change roles together", {
  skip,
}, async () => {
  await peer.with({ twoVolumes: true }, async (pair) => {
    const { ours, kernel } = pair;
    await pair.connect();
    await ours.ask("primary", { force: true });
    await bothInSync(pair);
    await io(pair, 0, "write -P 1 1M 64k");
    await io(pair, 1, "write -P 2 1M 64k", "write -P 3 9M 4k");
    await ours.ask("secondary");
    await kernel.drbdadm("primary");
    await kernel.sh(
      "dd if=/dev/urandom of=/dev/drbd1 bs=4k count=5 seek=700 oflag=direct conv=fsync 2>&1",
    );
    await kernel.write({ offset: "3M", blockSize: "4k", count: 5 });
    await ours.ask("disconnect");
    await kernel.sh(
      "dd if=/dev/urandom of=/dev/drbd1 bs=4k count=5 seek=900 oflag=direct conv=fsync 2>&1",
    );
    await ours.ask("connect");
    await bothInSync(pair);
    await pair.assertSameData();
    const [, volume] = (await ours.status()).volumes;
    const lengthBytes = (volume?.sizeKib ?? 0) * 1024;
    assert.ok(lengthBytes > 15 * 1024 * 1024);
    const [mine, theirs] = [ours.files[1] ?? "", kernel.otherFile].map((file) =>
      readFileSync(file).subarray(0, lengthBytes),
    );
    assert.ok(mine !== undefined && theirs !== undefined && mine.equals(theirs));
  });
});

async function sizeKib({ ours }: KernelPair): Promise<number | undefined> {
  return (await ours.status()).volumes[0]?.sizeKib;
}

async function bothInSync({ ours, kernel }: KernelPair): Promise<void> {
  await ours.until(({ volumes }) =>
    volumes.every(
      ({ connectionState, disk, peerDisk }) =>
        connectionState === "Connected" && disk === "UpToDate" && peerDisk === "UpToDate",
    ),
  );
  for (const minor of [0, 1])
    await kernel.until(`^ ${minor}: cs:Connected .* ds:UpToDate/UpToDate`);
}

async function io(
  { ours }: KernelPair,
  volume: number,
  ...commands: readonly string[]
): Promise<void> {
  const words = [...commands, "flush"].flatMap((command) => ["-c", command]);
  const ran = await runProgram("qemu-io", ["-f", "raw", ...words, ours.uri(`${volume}`, volume)]);
  assert.equal(ran.status, 0, ran.stdout + ran.stderr);
}
