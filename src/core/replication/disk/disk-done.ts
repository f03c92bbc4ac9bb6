/** A storage effect has ended: to the part that it was for. */
import { assert, unreachable } from "../../../base/assert.ts";
import { Disk } from "../../../formats/drbd/drbd-state.ts";
import { syncerId } from "../../../formats/drbd/packet-flags.ts";
import { PacketType } from "../../../formats/drbd/packet-type.ts";
import { sendData, sendMeta } from "../emit.ts";
import type { DiskDone } from "../events.ts";
import { onMetaDone } from "../metadata/metadata-writer.ts";
import { onPeerFlushDone } from "../peer/epoch-flush.ts";
import { finishPeerWrite } from "../peer/peer-write.ts";
import { onLocalFlushDone } from "../requests/app-flush.ts";
import { onLocalDone } from "../requests/app-write.ts";
import type { Resource } from "../resource.ts";
import { onChecksumRead } from "../resync/resync-checksums.ts";
import { onResyncReadDone } from "../resync/resync-source.ts";
import { onResyncWriteDone } from "../resync/resync-target.ts";
import { onVerifyReadDone } from "../resync/verify-source.ts";
import { onResendRead } from "../roles/thaw.ts";
import { onMeasured } from "../size/resize.ts";
import type { Volume } from "../volume.ts";
import { onAttachRead } from "./attach.ts";
import { closeIfUnused } from "./detach.ts";

export function onDiskDone(r: Resource, done: DiskDone): void {
  const abandoned = r.abandonedTokens.get(done.token);
  if (abandoned !== undefined) {
    r.abandonedTokens.delete(done.token);
    closeIfUnused(r, abandoned);
    return;
  }
  const task = r.diskTasks.get(done.token);
  assert(task !== undefined, "a storage effect ends once");
  r.diskTasks.delete(done.token);
  const v = task.volume;
  v.diskPending--;
  switch (task.kind) {
    case "write":
    case "zero":
      onLocalDone(r, task, done.error);
      break;
    case "app-flush":
      onLocalFlushDone(r, task, done.error);
      break;
    case "peer-write":
      finishPeerWrite(r, task, done.error);
      break;
    case "peer-flush":
      onPeerFlushDone(r, task, done.error);
      break;
    case "read-for-peer":
      onReadForPeer(r, task, done);
      break;
    case "resync-read-done":
      onResyncReadDone(r, task, done);
      break;
    case "resync-write-done":
      onResyncWriteDone(r, task, done);
      break;
    case "verify-read-done":
      onVerifyReadDone(r, task, done);
      break;
    case "csum-read-done":
      onChecksumRead(r, task, done);
      break;
    case "resend-read":
      onResendRead(r, task, done);
      break;
    case "meta":
      onMetaDone(r, task, done.error);
      break;
    case "measure":
      onMeasured(r, task, done);
      break;
    case "attach":
      onAttachRead(r, task, done);
      break;
    default:
      unreachable(task);
  }
  if (v.diskPending === 0 && r.detachments.has(v)) r.steps.push({ step: "detach-next", volume: v });
  if (r.frozen.size > 0) r.steps.push({ step: "thaw-next" });
}

function onReadForPeer(
  r: Resource,
  task: {
    readonly session: number;
    readonly volume: Volume;
    readonly sector: number;
    readonly id: bigint;
    readonly sizeBytes: number;
  },
  done: DiskDone,
): void {
  const { volume, sector, id, sizeBytes } = task;
  volume.peerIoPending--;
  if (task.session !== r.link.session || r.link.phase !== "running") {
    if (volume.peerIoPending === 0) r.steps.push({ step: "reconnect" });
    return;
  }
  if (done.error === undefined && done.bytes !== undefined) {
    volume.counters.read += sizeBytes;
    volume.counters.sent += sizeBytes;
    const payload = done.bytes;
    const type = PacketType.DataReply;
    sendData(r, { type, volume: volume.number, sector, id, seq: 0, flags: 0, payload });
    return;
  }
  assert(id !== syncerId, "a user's read has a number of its own");
  volume.sendSeq = (volume.sendSeq + 1) >>> 0;
  const seq = volume.sendSeq;
  sendMeta(r, { type: PacketType.NegDreply, volume: volume.number, sector, id, sizeBytes, seq });
  if (volume.disk > Disk.Failed) {
    const what = `read ${sizeBytes} bytes for the peer`;
    const error = done.error ?? "EIO";
    r.steps.push({ step: "disk-failed", volume, what, error, metadata: false });
  }
}
