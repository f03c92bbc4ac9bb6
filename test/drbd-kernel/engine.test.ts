/** `engine kernel`: the control protocol of a disk server, on the kernel's DRBD; the peer is a disk server of ours. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { EngineNode } from "./engine-node.ts";
import type { KernelPair, PairChoices } from "./kernel-pair.ts";
import { kernelPeer } from "./kernel-peer.ts";

const peer = kernelPeer();
const { skip } = peer;

test("a resource on the kernel's DRBD is run and told of as one of ours", { skip }, async () => {
  await withEngine({}, async (pair, two) => {
    await two.start();
    const fresh = await two.status();
    assert.equal(fresh.engine, "kernel");
    assert.deepEqual(
      [fresh.role, fresh.connection.state, fresh.volumes[0]?.disk],
      ["Secondary", "StandAlone", "Diskless"],
    );

    await two.ask("attach", { volume: 0 });
    await two.ask("connect");
    await pair.ours.up();
    const met = await two.until(({ volumes }) => volumes[0]?.connectionState === "Connected");
    assert.equal(met.volumes[0]?.disk, "Inconsistent");
    assert.equal(met.volumes[0]?.generation?.current, "0000000000000004");
    assert.equal(met.volumes[0]?.sizeKib, (await pair.ours.status()).volumes[0]?.sizeKib);

    await two.ask("primary", { force: true });
    const synced = await two.until(({ volumes: [volume] }) => volume?.peerDisk === "UpToDate");
    assert.equal(synced.role, "Primary");
    assert.deepEqual(
      synced.volumes.map((volume) => [volume.disk, volume.connectionState]),
      [["UpToDate", "Connected"]],
    );
    await pair.kernel.write({ offset: "0", blockSize: "64k", count: 4 });
    assert.ok(((await two.status()).volumes[0]?.counters.writtenKib ?? 0) >= 256);
    await pair.assertSameData();
  });
});

test("what the kernel refuses is refused in its words, with its exit code", { skip }, async () => {
  await withEngine({}, async (pair, two) => {
    await Promise.all([two.start(), pair.ours.start()]);
    await assert.rejects(two.ask("primary"), {
      code: "HF2140",
      message: /^State change failed: \(-2\) /,
      exit: 17,
    });
    await two.ask("attach", { volume: 0 });
    // drbdmeta's, which comes before attach.
    const again = { code: "HF2140", message: /is configured/, exit: 20 };
    await assert.rejects(two.ask("attach", { volume: 0 }), again);
  });
});

test("the process may end and come again while the kernel goes on", { skip }, async () => {
  await withEngine({}, async (pair, two) => {
    await bringUp(pair, two);
    await two.kill();
    await pair.kernel.sh("drbdadm primary r0");
    await two.start();
    const status = await two.status();
    assert.deepEqual([status.role, status.connection.state], ["Primary", "Connected"]);
    await two.ask("secondary");
    await two.ask("shutdown");
    assert.doesNotMatch(await pair.kernel.sh("cat /proc/drbd"), /cs:/);
  });
});

test("options change while it runs, and the migration's window opens and closes", {
  skip,
}, async () => {
  const choices = { net: "allow-two-primaries;" };
  await withEngine(choices, async (pair, two) => {
    await bringUp(pair, two);
    const changed = {
      ...choices,
      disk: "on-io-error pass_on;",
      net: "allow-two-primaries; ping-int 2;",
    };
    await pair.configureKernel(changed);
    const adjusted = (await two.ask("adjust", { config: await two.config() })) as object;
    assert.deepEqual(adjusted, { changed: ["volume 0 disk", "net"], needsRestart: [] });
    assert.match(await pair.kernel.sh("drbdsetup show r0"), /on-io-error\s+pass_on;/);

    await two.ask("two-primaries-window", { open: false });
    assert.doesNotMatch(await pair.kernel.sh("drbdsetup show r0"), /allow-two-primaries\s+yes/);
    await two.ask("two-primaries-window", { open: true });
    assert.match(await pair.kernel.sh("drbdsetup show r0"), /allow-two-primaries\s+yes/);
  });
});

async function bringUp(pair: KernelPair, two: EngineNode): Promise<void> {
  await two.start();
  await two.ask("attach", { volume: 0 });
  await two.ask("connect");
  await pair.ours.up();
  await pair.connected();
  await two.ask("new-current-uuid", { volume: 0, clearBitmap: true });
  await two.until(({ volumes: [volume] }) => volume?.peerDisk === "UpToDate");
}

async function withEngine(
  choices: PairChoices,
  body: (pair: KernelPair, two: EngineNode) => Promise<void>,
): Promise<void> {
  await peer.with(choices, async (pair) => {
    const two = await EngineNode.make(pair.kernel);
    try {
      await body(pair, two);
    } catch (error) {
      process.stderr.write(two.log());
      throw error;
    } finally {
      await two.close();
    }
  });
}
