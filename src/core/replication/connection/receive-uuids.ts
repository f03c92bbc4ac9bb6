/** P_UUIDS: which generation the peer's data are of. */
import { Conn, Disk, Role } from "../../../formats/drbd/drbd-state.ts";
import type { UuidsPacket } from "../../../formats/drbd/packet.ts";
import { UuidFlag } from "../../../formats/drbd/packet-flags.ts";
import { uuidJustCreated } from "../../../formats/drbd/superblock.ts";
import { notice } from "../emit.ts";
import { formatUuid, sameGeneration, withoutRole } from "../generation/generation-uuids.ts";
import { writeMetadata } from "../metadata/metadata-writer.ts";
import type { Resource } from "../resource.ts";
import { forceState } from "../state/state-change.ts";
import type { Volume } from "../volume.ts";
import { standAlone } from "./handshake.ts";
import { sendState, sendUuids } from "./send-parameters.ts";

export function onUuids(r: Resource, v: Volume, packet: UuidsPacket): void {
  const { current, bitmap, history1, history2, bits, flags } = packet;
  v.peer.uuids = { current, bitmap, history1, history2 };
  v.peer.bits = bits;
  v.peer.uuidFlags = flags;
  const diskless = v.disk < Disk.Inconsistent;
  const dependent = diskless && r.role === Role.Primary;
  const connecting = v.conn < Conn.Connected;
  // Safety: what the users have been told is there was on a disk that is gone. An older one, also when it is attached
  // while connected, does not take its place. A generation that the peer has begun from it is the same data.
  const begun = !connecting && sameGeneration(v.exposedUuid, bitmap);
  const same = v.exposedUuid === 0n || sameGeneration(v.exposedUuid, current) || begun;
  if (dependent && !same) {
    standAlone(r, `Can only connect to data with current UUID=${formatUuid(v.exposedUuid)}`);
    return;
  }
  if (dependent || (diskless && r.promotion !== undefined)) v.exposedUuid = current;
  if ((flags & UuidFlag.SkipInitialSync) !== 0 && !connecting) skipInitialSync(r, v, current);
}

/** Both disks are new, and their administrator says that they are equal. */
function skipInitialSync(r: Resource, v: Volume, current: bigint): void {
  const { backing } = v;
  if (backing === undefined || v.conn !== Conn.Connected) return;
  // One that is being let go, or attached, is not made UpToDate any more, or not yet.
  if (v.disk < Disk.Inconsistent || r.detachments.has(v)) return;
  if (withoutRole(backing.uuids.current) !== uuidJustCreated) return;
  // A generation that never was can't be taken over.
  if (withoutRole(current) === 0n || withoutRole(current) === uuidJustCreated) return;
  notice(
    r,
    "info",
    "initial-sync-skipped",
    "Accepted new current UUID, preparing to skip initial sync",
    {
      volume: v,
    },
  );
  backing.bitmap.clearAll();
  backing.uuids = { ...backing.uuids, current: withoutRole(current), bitmap: 0n };
  forceState(r, (s) => ({ ...s, disk: Disk.UpToDate, pdsk: Disk.UpToDate }), [v]);
  // The kernel takes the source's UUIDs as it knows them when a sync ends: it has to know the new ones.
  sendUuids(r, v);
  // The peer took this copy for UpToDate when it asked; a P_STATE that was on its way then said otherwise.
  sendState(r, v);
  writeMetadata(r, v, [{ op: "pages", pages: "dirty" }, { op: "superblock" }]);
}
