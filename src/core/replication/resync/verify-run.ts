/** Beginning, findings and end of an online verify, on either side, and what people are told of it. */
import { elapsedMs } from "../../../base/time.ts";
import { sectorBytes } from "../../../formats/drbd/packet-flags.ts";
import { notice, runHandler } from "../emit.ts";
import { blockBytes } from "../metadata/bitmap.ts";
import { writeMetadata } from "../metadata/metadata-writer.ts";
import { Use } from "../requests/range-locks.ts";
import type { Resource } from "../resource.ts";
import type { Volume } from "../volume.ts";
import { addMark } from "./resync-progress.ts";
import { newPace, rateCap } from "./resync-rate.ts";
import type { VerifyRun } from "./resync-run.ts";
import { beginYielding } from "./yielding.ts";

/** So many differing blocks are told at once at most. */
const untoldMax = 1024;
const sectorsPerBlock = blockBytes / sectorBytes;

/** @param endBit not included. */
export function newVerifyRun(r: Resource, firstBit: number, endBit: number): VerifyRun {
  return {
    firstBit,
    endBit,
    startedAt: r.now,
    position: firstBit,
    doneBits: 0,
    foundBits: 0,
    failedBits: 0,
    untold: [],
    pace: newPace(r.now),
    endingPing: undefined,
    marks: [{ at: r.now, bits: endBit - firstBit }],
  };
}

export function beganVerify(
  r: Resource,
  v: Volume,
  run: VerifyRun,
  as: "VerifyS" | "VerifyT",
): void {
  const sector = run.firstBit * sectorsPerBlock;
  notice(r, "info", "verify-began", `Starting Online Verify as ${as} from sector ${sector}`, {
    volume: v,
    fields: { sector, blocks: run.endBit - run.firstBit },
  });
  beginYielding(v.yielding, rateCap(v.settings), r.now);
}

/** A block differs. It is told together with others: neighbours, which may be found in any order, as one range. */
export function noteDifference(r: Resource, v: Volume, sector: number): void {
  const { verify: run } = v;
  if (run === undefined) return;
  const bit = Math.floor(sector / sectorsPerBlock);
  run.foundBits++;
  run.untold.push(bit);
  if (run.untold.length >= untoldMax) tellRanges(r, v, run);
}

export function markVerified(r: Resource, run: VerifyRun): void {
  addMark(r, run.marks, run.endBit - run.firstBit - run.doneBits);
}

/** All is compared. */
export function endVerify(r: Resource, v: Volume, run: VerifyRun): void {
  const differing = v.backing?.bitmap.weight ?? 0;
  tellRanges(r, v, run);
  v.verify = undefined;
  const ms = Math.max(1, elapsedMs(run.startedAt, r.now));
  const kib = (run.endBit - run.firstBit) * (blockBytes / 1024);
  const speed = Math.round((kib * 1000) / ms);
  notice(
    r,
    "info",
    "verify-done",
    `Online verify done (total ${Math.round(ms / 1000)} sec; paused 0 sec; ${speed} K/sec)`,
    { volume: v, fields: { kib, found: run.foundBits, failed: run.failedBits, ms } },
  );
  saveFindings(r, v, run);
  if (differing === 0) return;
  const text = `Online verify found ${differing} 4k block out of sync!`;
  notice(r, "error", "verify-found-differences", text, { volume: v, fields: { differing } });
  runHandler(r, "out-of-sync", v);
}

/** The connection, a disk or an administrator has ended it before its time. What it has found stays marked. */
export function abortVerify(r: Resource, v: Volume, run: VerifyRun): void {
  tellRanges(r, v, run);
  v.verify = undefined;
  // Blocks are compared in about their order: all that may be missing below are those that were asked for.
  const underWay = Math.ceil(run.pace.inFlightBytes / blockBytes);
  const reached = Math.max(run.firstBit, run.firstBit + run.doneBits - underWay);
  v.verifyFromBit = reached;
  const sector = reached * sectorsPerBlock;
  notice(r, "warn", "verify-aborted", `Online Verify reached sector ${sector}`, {
    volume: v,
    fields: { sector, found: run.foundBits },
  });
  const woken = v.locks.removeAll(Use.ResyncRequest);
  if (woken.length > 0) r.steps.push({ step: "unlocked", locks: woken });
  saveFindings(r, v, run);
}

/** The bitmap's pages with what was found go to the disk now: no later write would take them there. */
function saveFindings(r: Resource, v: Volume, run: VerifyRun): void {
  if (run.foundBits > 0) writeMetadata(r, v, [{ op: "pages", pages: "dirty" }]);
}

function tellRanges(r: Resource, v: Volume, run: VerifyRun): void {
  const bits = run.untold.splice(0).sort((a, b) => a - b);
  for (let i = 0; i < bits.length; ) {
    const from = bits[i] as number;
    let to = from + 1;
    for (i++; bits[i] === to; i++) to++;
    const start = from * sectorsPerBlock;
    const size = (to - from) * sectorsPerBlock;
    notice(r, "warn", "out-of-sync", `Out of sync: start=${start}, size=${size} (sectors)`, {
      volume: v,
      fields: { start, size },
    });
  }
}
