/**
 * The local disk failed a request. If the peer has good data this copy first says in its own metadata, if it still can,
 * that it must not pass for a good one again; only then is anything acknowledged that it lacks. Then it is let go and
 * the peer's copy serves (on-io-error detach), or it stays as Inconsistent (pass_on).
 *
 * Deviation from the kernel: a node that is alone keeps a disk with a bad block, since letting it go would help nobody;
 * the request that failed is answered with an error. Metadata errors always detach.
 */
import { Conn, Disk } from "../../../formats/drbd/drbd-state.ts";
import { PacketType } from "../../../formats/drbd/packet-type.ts";
import { notice, runHandler, sendMeta } from "../emit.ts";
import { abandonMetadata, writeSuperblock } from "../metadata/metadata-writer.ts";
import { flushClosedEpochs } from "../peer/epoch-flush.ts";
import { refuseFailedWrites } from "../peer/peer-write.ts";
import { answerFlushes } from "../requests/app-flush.ts";
import { answerWaiting } from "../requests/app-write.ts";
import type { Resource } from "../resource.ts";
import { forceState } from "../state/state-change.ts";
import type { Volume } from "../volume.ts";

export function onDiskFailed(
  r: Resource,
  v: Volume,
  failure: { readonly what: string; readonly error: string; readonly metadata: boolean },
): void {
  if (v.backing === undefined || v.disk <= Disk.Failed) {
    refuseFailedWrites(r, v);
    // A disk that is being let go is let go without what can't be written to it.
    if (failure.metadata && v.disk === Disk.Failed) abandonMetadata(r, v);
    return;
  }
  const text = `local disk failed to ${failure.what}: ${failure.error}`;
  if (othersHaveData(r, v)) v.diskBehind = true;
  if (failure.metadata) {
    notice(r, "error", "disk-failed", `${text}. Detaching...`, { volume: v });
    v.spoilWriting = true;
    onSpoiledWritten(r, v);
    // Safety: only now, that this disk counts as failed, do those go on who waited for it.
    abandonMetadata(r, v);
    return;
  }
  if (v.spoilWriting) return;
  if (!othersHaveData(r, v)) {
    notice(r, "error", "disk-error", `${text}; no other copy to go on with`, { volume: v });
    refuseFailedWrites(r, v);
    return;
  }
  const { onIoError } = v.settings;
  if (onIoError === "call-local-io-error") runHandler(r, "local-io-error", v);
  notice(r, "error", "disk-failed", `${text} (on-io-error ${onIoError})`, { volume: v });
  v.spoilWriting = true;
  v.backing.spoiled = true;
  writeSuperblock(r, v, { step: "spoiled-written", volume: v.number });
}

/** The metadata say that this copy is no good, or they can't be written either. */
export function onSpoiledWritten(r: Resource, v: Volume): void {
  if (!v.spoilWriting) return;
  v.spoilWriting = false;
  const { backing } = v;
  if (backing !== undefined && v.disk > Disk.Failed) {
    const keep = v.settings.onIoError === "pass_on" && backing.spoiled;
    const disk = keep ? Disk.Inconsistent : Disk.Failed;
    if (keep) backing.spoiled = false;
    forceState(r, (s) => ({ ...s, disk: Math.min(disk, s.disk) as Disk }), [v]);
  }
  refuseFailedWrites(r, v);
  if (v.flushFailed) refuseFlushed(r, v);
  flushClosedEpochs(r);
  answerWaiting(r, v);
  answerFlushes(r);
}

function othersHaveData(r: Resource, v: Volume): boolean {
  if (v.conn < Conn.Connected || r.link.conn < Conn.WFReportParams) return false;
  // A Primary without a good disk of its own has nothing but this one.
  return v.pdsk === Disk.UpToDate;
}

/**
 * A flush failed: writes that were acked may be lost, nobody knows which. A P_NEG_ACK that fits no request says so; the
 * Primary then counts all that is not barrier-acked as missing here.
 */
function refuseFlushed(r: Resource, v: Volume): void {
  v.flushFailed = false;
  v.sendSeq = (v.sendSeq + 1) >>> 0;
  sendMeta(r, {
    type: PacketType.NegAck,
    volume: v.number,
    sector: 0,
    id: 0n,
    sizeBytes: 4096,
    seq: v.sendSeq,
  });
}
