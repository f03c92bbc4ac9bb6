/** data-integrity-alg: a digest with everything that is written, and what happens when it does not fit. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { kernelPeer } from "./kernel-peer.ts";

const peer = kernelPeer();
const { skip } = peer;

for (const algorithm of ["sha1", "crc32c"]) {
  test(`writes, reads and syncs carry digests by ${algorithm}`, { skip }, async () => {
    await peer.with({ net: `data-integrity-alg ${algorithm};` }, async (pair) => {
      const { ours, kernel } = pair;
      await pair.connect();
      await kernel.drbdadm("primary --force");
      await pair.inSync();
      await kernel.write({ offset: "1M", blockSize: "64k", count: 5 });
      await pair.assertSameData();
      await kernel.drbdadm("secondary");
      await ours.ask("primary");
      await pair.io("write -P 7 3M 300k", "write -z 1M 64k", "discard 2M 64k", "flush");
      await pair.assertSameData();
      await ours.ask("detach", { volume: 0 });
      await pair.io("read -P 7 3M 300k");
      await ours.ask("attach", { volume: 0 });
      await pair.inSync();
    });
  });
}

test("a write of the kernel's that was changed on its way is found, and sent again", {
  skip,
}, async () => {
  await peer.with({ net: "data-integrity-alg sha1;" }, async (pair) => {
    const { kernel, tap } = pair;
    await pair.bringUp();
    await kernel.drbdadm("primary");
    tap.alterNext("kernel", "a block with a mark");
    await kernel.sh(
      "yes 'a block with a mark' | dd of=/dev/drbd0 bs=4k count=1 iflag=fullblock oflag=direct conv=fsync",
    );
    await pair.inSync();
    assert.match(pair.ours.log(), /[Dd]igest/);
    await pair.assertSameData();
  });
});

test("a write of ours that was changed on its way is found, and sent again", {
  skip,
}, async () => {
  await peer.with({ net: "data-integrity-alg sha1;" }, async (pair) => {
    const { ours, kernel, tap } = pair;
    await pair.bringUp();
    await ours.ask("primary");
    tap.alterNext("ours", "BBBBBBBBBBBBBBBB");
    await pair.io(`write -P ${"B".charCodeAt(0)} 1M 4k`, "flush");
    await pair.inSync();
    assert.match(await kernel.log(), /Digest integrity check FAILED/);
    await pair.assertSameData();
  });
});
