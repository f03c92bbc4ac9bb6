/** A guest goes on writing while the disk server under it is killed, or restarted for an upgrade, and notices a pause. */
import assert from "node:assert/strict";
import { closeSync, openSync, readSync } from "node:fs";
import { type TestContext, test } from "node:test";
import { bringUp, isInSync, type PairNode, withPair } from "../../disk/server-pair.ts";
import { guestImage } from "../guests/guest-image.ts";
import { WritingGuest } from "./writing-guest.ts";

const image = guestImage();
const skip = typeof image === "string" ? image : false;

test("a guest goes on writing over a disk server that is killed and started again", {
  skip,
}, async (t) => {
  await withWritingGuest(t, async (guest, { one, two }) => {
    for (let round = 1; round <= 2; round++) {
      await duringWrites(t, guest, `killed, round ${round}`, async () => {
        await one.kill();
        await one.up();
        await one.until((status) => status.connection.state === "Connected");
        await one.ask("primary");
      });
      await two.until(isInSync);
    }
  });
});

test("a guest goes on writing over a disk server that is restarted, and nothing has to be synced", {
  skip,
}, async (t) => {
  await withWritingGuest(t, async (guest, { one, two }) => {
    const before = syncs(one) + syncs(two);
    for (let round = 1; round <= 2; round++)
      await duringWrites(t, guest, `restarted, round ${round}`, () => one.restart());
    await two.until(isInSync);
    assert.equal(syncs(one) + syncs(two), before, "no restart was followed by a sync");
  });
});

async function withWritingGuest(
  t: TestContext,
  body: (
    guest: WritingGuest,
    pair: { readonly one: PairNode; readonly two: PairNode },
  ) => Promise<void>,
): Promise<void> {
  if (typeof image === "string") return;
  await withPair(async (pair) => {
    await bringUp(pair);
    const { directory, one, two } = pair;
    const guest = await WritingGuest.boot(image, { directory, socketPath: one.nbdSocket() });
    try {
      await guest.writes(1);
      t.diagnostic(
        `undisturbed, it writes every ${Math.round(await guest.writes(10))} ms at worst`,
      );
      await body(guest, pair);
      await guest.writes(5);
      assert.equal(await guest.state(), "running");
      assert.doesNotMatch(guest.console(), /write failed|error/i);
      assert.equal(guest.console().match(/^UP /gm)?.length, 1, "it was not restarted");
      // What it was told to be written is on both disks; one write more may be under way.
      for (const node of [one, two]) {
        const { written } = guest;
        assert.ok(firstNumber(node.file) >= written, `${node.file} has what the guest has flushed`);
      }
    } finally {
      await guest.end();
    }
  });
}

/** Does it while the guest writes, and says how long that has made it wait. */
async function duringWrites(
  t: TestContext,
  guest: WritingGuest,
  what: string,
  disturb: () => Promise<void>,
): Promise<void> {
  const before = guest.written;
  const began = performance.now();
  const writing = guest.writes(20);
  await disturb();
  const tookMs = performance.now() - began;
  const pauseMs = await writing;
  t.diagnostic(
    `${what}: away for ${Math.round(tookMs)} ms, the guest's longest pause ${Math.round(pauseMs)} ms, ` +
      `${guest.written - before} writes, no error`,
  );
}

/** How often the node's log tells of a sync of anything. */
function syncs(node: PairNode): number {
  return node.log().match(/will sync [1-9]/g)?.length ?? 0;
}

/** The number in the first sector of a volume, which the guest writes. */
function firstNumber(file: string): number {
  const sector = Buffer.alloc(512);
  const fd = openSync(file, "r");
  readSync(fd, sector, 0, sector.length, 0);
  closeSync(fd);
  return Number.parseInt(sector.toString("latin1"), 10);
}
