/**
 * P_SIZES, and the size that is settled when a connection or a disk comes: data that are in use are never cut. A volume
 * that grows while connected is resize.ts's.
 */
import { Conn, Disk } from "../../../formats/drbd/drbd-state.ts";
import type { SizesPacket } from "../../../formats/drbd/packet.ts";
import { sectorBytes } from "../../../formats/drbd/packet-flags.ts";
import { standAlone } from "../connection/handshake.ts";
import { sendSizes } from "../connection/send-parameters.ts";
import { notice } from "../emit.ts";
import { writeMetadata } from "../metadata/metadata-writer.ts";
import type { Resource } from "../resource.ts";
import type { Volume } from "../volume.ts";
import { agreedSectors } from "./agreed-size.ts";
import { resizeForPeer } from "./resize.ts";

/** P_SIZES: at connect, and when a disk comes or grows. */
export function onSizes(r: Resource, v: Volume, packet: SizesPacket): void {
  v.peer.diskSectors = packet.diskSectors;
  v.peer.maxBioBytes = packet.maxBioBytes;
  const { backing } = v;
  if (backing !== undefined && v.disk > Disk.Negotiating && v.conn === Conn.Connected) {
    resizeForPeer(r, v, packet);
    return;
  }
  const mine =
    backing !== undefined && v.disk >= Disk.Negotiating ? backing.layout.usableSectors : 0;
  const users = [v.settings.sizeBytes / sectorBytes, packet.userSectors].filter((s) => s > 0);
  const user = users.length === 0 ? 0 : Math.min(...users);
  const inUse = v.sizeBytes / sectorBytes;
  if (mine === 0) {
    const told = packet.currentSectors || packet.userSectors || packet.diskSectors;
    if (inUse > 0 && told > 0 && told < inUse) {
      standAlone(r, "The peer's disk size is too small!");
    } else if (told > 0) {
      v.sizeBytes = told * sectorBytes;
      r.statusChanged = true;
    }
    return;
  }
  const lastAgreed = backing?.laSizeSectors ?? 0;
  const size = agreedSectors({ mine, peers: packet.diskSectors, lastAgreed, user });
  if (size === undefined) {
    notice(r, "warn", "size", "Requested disk size is too big", { volume: v });
    return;
  }
  if (packet.diskSectors > 0 && size < inUse && v.disk >= Disk.Outdated) {
    standAlone(r, "The peer's disk size is too small!");
    return;
  }
  if (v.conn > Conn.Connected) {
    // A resync has the size with which it began; the end of the next connection's handshake has the new one.
    if (packet.currentSectors === 0) sendSizes(r, v);
    return;
  }
  setSize(r, v, size);
  if (packet.currentSectors !== size && r.link.conn >= Conn.WFReportParams) sendSizes(r, v);
}

/** The size is settled. The bitmap was laid out for all that the disk can hold, and reads as long as it needs to. */
function setSize(r: Resource, v: Volume, sectors: number): void {
  const { backing } = v;
  const bytes = sectors * sectorBytes;
  if (backing === undefined || bytes === v.sizeBytes) return;
  backing.bitmap.resize(bytes);
  notice(r, "info", "size", `size = ${Math.floor(bytes / 1024)} KB`, {
    volume: v,
    fields: { sectors },
  });
  v.sizeBytes = bytes;
  r.statusChanged = true;
  // Safety: what is new counts as different on disk before the superblock says that it is part of the volume.
  writeMetadata(r, v, [
    { op: "flush-data" },
    { op: "pages", pages: "dirty" },
    { op: "take-size", sectors },
    { op: "superblock" },
  ]);
}
