/**
 * Online verify as VerifyT: the peer asks for digests of this node's blocks (served by resync-source.ts, as other blocks
 * that it asks for), and tells what came of the comparison. Where it begins is seen in its first question.
 */
import { Conn } from "../../../formats/drbd/drbd-state.ts";
import type { AckPacket } from "../../../formats/drbd/packet.ts";
import { sectorBytes, VerifyResult } from "../../../formats/drbd/packet-flags.ts";
import { blockBytes } from "../metadata/bitmap.ts";
import { markOutOfSync } from "../out-of-sync.ts";
import type { Resource } from "../resource.ts";
import { forceState } from "../state/state-change.ts";
import type { Volume } from "../volume.ts";
import {
  beganVerify,
  endVerify,
  markVerified,
  newVerifyRun,
  noteDifference,
} from "./verify-run.ts";

/** P_OV_REQUEST has come. */
export function noteVerifyRequest(r: Resource, v: Volume, sector: number): void {
  const bits = v.backing?.bitmap.bits;
  if (v.conn !== Conn.VerifyT || v.verify !== undefined || bits === undefined) return;
  v.verify = newVerifyRun(r, Math.floor((sector * sectorBytes) / blockBytes), bits);
  beganVerify(r, v, v.verify, "VerifyT");
}

/** P_OV_RESULT. */
export function onVerifyResult(r: Resource, v: Volume, packet: AckPacket): void {
  const { sector, sizeBytes } = packet;
  if (packet.id !== VerifyResult.Equal) {
    // Marked also when the verify has been given up here: the two copies do differ.
    markOutOfSync(v, { offset: sector * sectorBytes, length: sizeBytes });
    noteDifference(r, v, sector);
  }
  const { verify: run } = v;
  if (run === undefined || v.conn !== Conn.VerifyT) return;
  run.doneBits++;
  markVerified(r, run);
  if (run.doneBits >= run.endBit - run.firstBit) finishVerifyTarget(r, v);
}

/** All that the peer wanted to compare is compared: by its count, or by its word. */
export function finishVerifyTarget(r: Resource, v: Volume): void {
  if (v.verify !== undefined) endVerify(r, v, v.verify);
  forceState(r, (s) => ({ ...s, conn: Conn.Connected }), [v]);
}
