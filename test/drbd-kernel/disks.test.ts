/** One disk format: what the kernel's DRBD 8.4 has made and used is attached by us as it is, and the other way round. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import type { KernelPair } from "./kernel-pair.ts";
import { kernelPeer } from "./kernel-peer.ts";

const peer = kernelPeer();
const { skip } = peer;
const root = path.resolve(import.meta.dirname, "../..");

test("a disk that the kernel made and used is attached by us as it is", { skip }, async () => {
  await peer.with({}, async (pair) => {
    const { kernel, tap } = pair;
    await kernel.sh("drbdadm create-md --force r0 && drbdadm up r0 && drbdadm primary --force r0");
    await kernel.write({ offset: "1M", blockSize: "64k", count: 9 });
    await kernel.down();
    const identifiers = await kernel.drbdadm("get-gi");
    await pair.takeKernelsDisk({});
    await pair.ours.up();
    await pair.ours.until(({ volumes }) => volumes[0]?.disk === "UpToDate");
    assert.equal(await generation(pair), uuidsOf(identifiers));
    await pair.assertSameData();
    // The kernel's side goes on with the same disk: nothing has to be copied.
    await kernel.drbdadm("up");
    await pair.inSync();
    assert.equal(tap.resyncedBytes("kernel") + tap.resyncedBytes("ours"), 0);
    await pair.ours.ask("primary");
    await pair.io("write -P 1 3M 64k", "flush");
    await pair.assertSameData();
  });
});

test("a disk that we made and used is attached by the kernel as it is", { skip }, async () => {
  await peer.with({}, async (pair) => {
    const { kernel, tap } = pair;
    await useAlone(pair);
    const sum = await pair.ourSum();
    await pair.ours.ask("secondary");
    const ours = await generation(pair);
    await pair.ours.ask("shutdown");
    await pair.giveKernelOurDisk();
    assert.equal(uuidsOf(await kernel.drbdadm("get-gi")), ours);
    assert.doesNotMatch(await kernel.drbdadm("up"), /Marked additional/);
    await kernel.until("ds:UpToDate/DUnknown");
    await pair.replaceServer({});
    await pair.ours.up();
    await pair.inSync();
    assert.equal(tap.resyncedBytes("kernel") + tap.resyncedBytes("ours"), 0);
    await kernel.drbdadm("primary");
    assert.equal(await kernel.sum(), sum);
    await kernel.write({ offset: "4M", blockSize: "64k", count: 2 });
    await pair.assertSameData();
  });
});

test("a disk that we left in the middle of writes is replayed and attached by the kernel", {
  skip,
}, async () => {
  await peer.with({}, async (pair) => {
    const { kernel } = pair;
    await pair.bringUp();
    await pair.ours.ask("primary");
    await pair.io("write -P 4 5M 64k");
    const sum = await pair.ourSum();
    await pair.ours.kill();
    await kernel.down();
    await pair.giveKernelOurDisk();
    assert.match(await kernel.drbdadm("up"), /Marked additional \d+ KB as out-of-sync based on AL/);
    await kernel.drbdadm("primary");
    assert.equal(await kernel.sum(), sum);
  });
});

test("a disk that the kernel left in the middle of writes is replayed and attached by us", {
  skip,
}, async () => {
  await peer.with({}, async (pair) => {
    const { kernel } = pair;
    await pair.bringUp();
    await kernel.drbdadm("primary");
    await kernel.write({ offset: "5M", blockSize: "4k", count: 3 });
    const sum = await kernel.sum();
    await kernel.powerOff();
    await pair.takeKernelsDisk({});
    await pair.ours.up();
    const [volume] = (await pair.ours.status()).volumes;
    assert.equal(volume?.generation?.flags.crashedPrimary, true);
    assert.ok((volume?.counters.outOfSyncKib ?? 0) >= 4096, "an extent of the log is marked");
    await pair.ours.ask("primary");
    assert.equal(await pair.ourSum(), sum);
    await pair.bootKernel({});
  });
});

test("metadata on a disk of their own, made by each side's tools", { skip }, async () => {
  const oursMeta = path.join(tmpdir(), `hf-meta-${process.pid}`);
  writeFileSync(oursMeta, "");
  truncateSync(oursMeta, 1024 * 1024);
  try {
    await peer.with({ oursMeta, kernelMeta: "/dev/vdb" }, async (pair) => {
      const { ours, kernel } = pair;
      drbdmeta(oursMeta, "flex-external");
      await kernel.sh("drbdadm create-md --force r0");
      await pair.bringUp();
      await ours.ask("primary");
      await pair.io("write -P 8 0 4k", "write -P 9 16380k 4k", "flush");
      await pair.assertSameData();
      assert.equal((await ours.status()).volumes[0]?.sizeKib, 16 * 1024);
    });
  } finally {
    rmSync(oursMeta);
  }
});

test("metadata at an index of a disk, which several volumes share", { skip }, async () => {
  const file = path.join(tmpdir(), `hf-index-${process.pid}`);
  writeFileSync(file, "");
  truncateSync(file, 128 * 1024 * 1024);
  try {
    const choices = { oursMeta: `${file}[0]`, kernelMeta: "/dev/vdb[0]" };
    await peer.with(choices, async (pair) => {
      const { ours, kernel } = pair;
      drbdmeta(file, "0");
      await kernel.sh("drbdadm create-md --force r0");
      await pair.bringUp();
      await ours.ask("primary");
      await pair.io("write -P 8 0 4k", "write -P 9 16380k 4k", "flush");
      await ours.kill();
      await kernel.drbdadm("primary");
      await kernel.write({ offset: "1M", blockSize: "4k", count: 2 });
      // What each has marked and logged in the meantime lies at its index, and leads to a resync of no more than that.
      await pair.replaceServer(choices);
      await pair.ours.up();
      await pair.inSync();
      await pair.assertSameData();
      assert.equal((await pair.ours.status()).volumes[0]?.sizeKib, 16 * 1024);
    });
  } finally {
    rmSync(file);
  }
});

/** Made by our drbdmeta, used by our disk server, which has no peer. */
async function useAlone(pair: KernelPair): Promise<void> {
  const bytes = readFileSync(pair.ours.file).length;
  truncateSync(pair.ours.file, 0);
  truncateSync(pair.ours.file, bytes);
  drbdmeta(pair.ours.file, "internal");
  await pair.ours.up();
  await pair.ours.ask("primary", { force: true });
  await pair.io("write -P 2 2M 1M", "write -P 3 9M 4k", "flush");
}

/** Our own. */
function drbdmeta(device: string, where: "internal" | "flex-external" | "0"): void {
  const program = path.join(root, "bin/drbdmeta");
  execFileSync(program, ["--force", "0", "v08", device, where, "create-md"], { stdio: "ignore" });
}

async function generation({ ours }: KernelPair): Promise<string> {
  const [volume] = (await ours.status()).volumes;
  const { current, bitmap, history } = volume?.generation ?? { history: [] };
  return withoutRole([current, bitmap, ...history].join(":"));
}

/** Of the line that get-gi prints: the four UUIDs, without the flags. */
function uuidsOf(identifiers: string): string {
  const [line = ""] = identifiers.trim().split("\n").slice(-1);
  return withoutRole(line.split(":").slice(0, 4).join(":"));
}

/** The lowest bit of the current UUID only tells whether its node was Primary when it was written. */
function withoutRole(uuids: string): string {
  const [current = "", ...others] = uuids.split(":");
  return [BigInt(`0x${current}`) & ~1n, ...others].join(":");
}
