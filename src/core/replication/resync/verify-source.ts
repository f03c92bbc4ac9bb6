/**
 * Online verify as VerifyS: this node asks for the peer's digest of each block, compares it with that of its own copy,
 * tells the peer what came of it, and both mark what differs. Nothing is repaired: the next resync does that.
 *
 * Invariants:
 * - While a block is compared no write of this node's users to it is under way that the peer could not have in its
 *   digest, and no write of the peer's that this copy could not have: what differs, differs.
 * - A difference is on disk in the bitmap before the verify is called done.
 *
 * Specification: sections 8.8 and 12.6.
 */
import { assert } from "../../../base/assert.ts";
import { equalBytes } from "../../../base/bytes.ts";
import { after, type Instant } from "../../../base/time.ts";
import { Conn } from "../../../formats/drbd/drbd-state.ts";
import type { DigestPacket } from "../../../formats/drbd/packet.ts";
import { sectorBytes, syncerId, VerifyResult } from "../../../formats/drbd/packet-flags.ts";
import { PacketType } from "../../../formats/drbd/packet-type.ts";
import { sendPing } from "../connection/ping.ts";
import { sendState } from "../connection/send-parameters.ts";
import { digestNamed } from "../digest.ts";
import { readDisk, sendData, sendMeta } from "../emit.ts";
import type { DiskDone } from "../events.ts";
import { blockBytes } from "../metadata/bitmap.ts";
import { markOutOfSync } from "../out-of-sync.ts";
import { type RangeLock, Use } from "../requests/range-locks.ts";
import type { Resource } from "../resource.ts";
import { forceState } from "../state/state-change.ts";
import type { LockOwner, VerifyCompare, VerifyRequest, Volume } from "../volume.ts";
import { fillBudget, mayAsk, onDataCame, rateTickMs } from "./resync-rate.ts";
import {
  beganVerify,
  endVerify,
  markVerified,
  newVerifyRun,
  noteDifference,
} from "./verify-run.ts";

/** Bytes under way at most: they are locked, block by block, and each lock costs those that come after it. */
const inFlightMax: number = 256 * blockBytes;

/** The state has become VerifyS: the peer has agreed. */
export function beginVerifySource(r: Resource, v: Volume): void {
  const { backing, verifyWanted } = v;
  assert(backing !== undefined, "a verify compares with a disk of this node's");
  const { firstBit, endBit } = verifyWanted ?? { firstBit: 0, endBit: backing.bitmap.bits };
  v.verifyWanted = undefined;
  v.verify = newVerifyRun(r, firstBit, Math.min(endBit, backing.bitmap.bits));
  beganVerify(r, v, v.verify, "VerifyS");
  askToVerify(r, v);
}

/** When `askToVerify` has to be called again. */
export function verifyDeadline(v: Volume): Instant | undefined {
  const { verify: run } = v;
  if (run === undefined || v.conn !== Conn.VerifyS || run.position >= run.endBit) return undefined;
  return after(run.pace.budgetAt, rateTickMs);
}

/** Asks about as many blocks as the rate allows; begins the end when all are compared. */
export function askToVerify(r: Resource, v: Volume): void {
  const { verify: run } = v;
  if (run === undefined || v.conn !== Conn.VerifyS) return;
  fillBudget(r, run.pace, v);
  while (run.position < run.endBit && mayAsk(r, run.pace, v) >= blockBytes) {
    if (run.pace.inFlightBytes >= inFlightMax) break;
    const offset = run.position * blockBytes;
    const length = Math.min(blockBytes, v.sizeBytes - offset);
    const sector = offset / sectorBytes;
    run.position++;
    run.pace.inFlightBytes += length;
    const request: VerifyRequest = { kind: "verify-request", volume: v, sector, sizeBytes: length };
    const lock = v.locks.add({ offset, length }, Use.ResyncRequest, request);
    if (lock.active) sendVerifyRequest(r, request);
  }
  const compared = run.doneBits === run.endBit - run.firstBit;
  if (compared && run.endingPing === undefined) run.endingPing = sendPing(r);
}

/** No write of this node's own that the peer does not have yet stands in the way. */
export function sendVerifyRequest(r: Resource, request: VerifyRequest): void {
  const { volume, sector, sizeBytes } = request;
  sendData(r, {
    type: PacketType.OvRequest,
    volume: volume.number,
    sector,
    id: syncerId,
    sizeBytes,
  });
}

/** P_OV_REPLY. @returns what is wrong with the packet, if anything is. */
export function onVerifyReply(r: Resource, v: Volume, packet: DigestPacket): string | undefined {
  const { sector, sizeBytes, payload } = packet;
  // A verify that was given up here may be news to the peer.
  if (v.verify === undefined || v.conn !== Conn.VerifyS) return undefined;
  const range = { offset: sector * sectorBytes, length: sizeBytes };
  const request = requestAt(v, range);
  if (request === undefined) return "a verify reply that was not asked for";
  const session = r.link.session;
  const compare: VerifyCompare = {
    kind: "verify-compare",
    session,
    volume: v,
    sector,
    sizeBytes,
    digest: payload,
    request,
  };
  v.verify.pace.writingBytes += sizeBytes;
  onDataCame(r, v.verify.pace, v, sizeBytes);
  v.peerIoPending++;
  const lock = v.locks.add(range, Use.ResyncRead, compare);
  if (lock.active) startVerifyCompare(r, lock, compare);
  return undefined;
}

/** The peer's writes that came before its digest are done. */
export function startVerifyCompare(
  r: Resource,
  lock: RangeLock<LockOwner>,
  compare: VerifyCompare,
): void {
  const { volume } = compare;
  if (isStale(r, compare) || volume.backing === undefined) {
    endCompare(r, lock, compare);
    return;
  }
  const task = { kind: "verify-read-done", volume, compare, lock } as const;
  const offset = compare.sector * sectorBytes;
  readDisk(r, task, { device: "data", offset, length: compare.sizeBytes });
}

export function onVerifyReadDone(
  r: Resource,
  task: { readonly compare: VerifyCompare; readonly lock: RangeLock<LockOwner> },
  done: DiskDone,
): void {
  const { compare, lock } = task;
  const { volume: v, sector, sizeBytes } = compare;
  const { verify: run } = v;
  if (done.error !== undefined) {
    const what = `read ${sizeBytes} bytes at ${sector * sectorBytes} for a verify`;
    r.steps.push({ step: "disk-failed", volume: v, what, error: done.error, metadata: false });
  }
  if (run !== undefined && !isStale(r, compare)) {
    const algorithm = digestNamed(r.net.verifyAlg);
    const mine =
      algorithm === undefined || done.bytes === undefined || done.error !== undefined
        ? undefined
        : r.digest(algorithm, done.bytes);
    v.counters.read += sizeBytes;
    tellResult(r, compare, mine !== undefined && equalBytes(mine, compare.digest));
  }
  endCompare(r, lock, compare);
}

/** P_NEG_RS_DREPLY: the peer can't read the block. @returns false if it is none of a verify. */
export function onVerifyRefused(
  r: Resource,
  v: Volume,
  packet: { readonly sector: number; readonly sizeBytes: number },
): boolean {
  const { verify: run } = v;
  const range = { offset: packet.sector * sectorBytes, length: packet.sizeBytes };
  const request = requestAt(v, range);
  if (run === undefined || request === undefined) return false;
  run.failedBits++;
  settle(r, v, request);
  return true;
}

/** The peer knows all results. */
export function onVerifyPingAcked(r: Resource, v: Volume): void {
  const { verify: run } = v;
  if (run?.endingPing === undefined || v.conn !== Conn.VerifyS) return;
  if (r.link.pingsAcked < run.endingPing) return;
  endVerify(r, v, run);
  v.verifyFromBit = 0;
  forceState(r, (s) => ({ ...s, conn: Conn.Connected }), [v]);
  // A peer that does not know the end of the range (it was told only the beginning) takes this for it.
  sendState(r, v);
}

function tellResult(r: Resource, compare: VerifyCompare, equal: boolean): void {
  const { volume: v, sector, sizeBytes } = compare;
  if (!equal) {
    markOutOfSync(v, { offset: sector * sectorBytes, length: sizeBytes });
    noteDifference(r, v, sector);
  }
  v.sendSeq = (v.sendSeq + 1) >>> 0;
  sendMeta(r, {
    type: PacketType.OvResult,
    volume: v.number,
    sector,
    id: equal ? VerifyResult.Equal : VerifyResult.Different,
    sizeBytes,
    seq: v.sendSeq,
  });
}

/** A block is compared, or nobody wants to know any more. */
function endCompare(r: Resource, lock: RangeLock<LockOwner>, compare: VerifyCompare): void {
  const { volume: v } = compare;
  unlock(r, v, lock);
  v.peerIoPending--;
  if (!isStale(r, compare)) {
    if (v.verify !== undefined) v.verify.pace.writingBytes -= compare.sizeBytes;
    settle(r, v, compare.request);
  }
  if (v.peerIoPending === 0 && r.link.phase === "idle") r.steps.push({ step: "reconnect" });
}

function settle(r: Resource, v: Volume, request: RangeLock<LockOwner>): void {
  const { verify: run } = v;
  if (run === undefined) return;
  unlock(r, v, request);
  run.pace.inFlightBytes -= request.end - request.offset;
  run.doneBits++;
  markVerified(r, run);
  askToVerify(r, v);
}

/** The verify for which it was asked has been given up. */
function isStale(r: Resource, compare: VerifyCompare): boolean {
  return compare.session !== r.link.session || !compare.volume.locks.holds(compare.request);
}

function requestAt(
  v: Volume,
  range: { readonly offset: number; readonly length: number },
): RangeLock<LockOwner> | undefined {
  const lock = v.locks.find(range, Use.ResyncRequest);
  if (lock?.owner.kind !== "verify-request") return undefined;
  const { offset, length } = range;
  return lock.offset === offset && lock.end === offset + length ? lock : undefined;
}

function unlock(r: Resource, v: Volume, lock: RangeLock<LockOwner>): void {
  const woken = v.locks.remove(lock);
  if (woken.length > 0) r.steps.push({ step: "unlocked", locks: woken });
}
