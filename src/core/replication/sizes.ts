/**
 * The size of a volume: what both disks can hold, what the user asked for, what was agreed before. It only grows, or is
 * settled on first use; data that are in use are never cut.
 */
import { Conn, Disk } from "../../formats/drbd/drbd-state.ts";
import type { SizesPacket } from "../../formats/drbd/packet.ts";
import { sectorBytes } from "../../formats/drbd/packet-flags.ts";
import { notice } from "./emit.ts";
import { standAlone } from "./handshake.ts";
import { writeSuperblock } from "./metadata-writer.ts";
import type { Resource } from "./resource.ts";
import { sendSizes } from "./send-parameters.ts";
import type { Volume } from "./volume.ts";

export type SizeInput = {
  /** Sectors, 0 = none or unknown. */
  readonly mine: number;
  readonly peers: number;
  readonly lastAgreed: number;
  readonly user: number;
};

/** The size that follows, in sectors; undefined when the user asks for more than there is. */
export function agreedSectors(input: SizeInput): number | undefined {
  const { mine, peers, lastAgreed, user } = input;
  const both = mine > 0 && peers > 0 ? Math.min(mine, peers) : 0;
  const known = mine > 0 ? mine : peers;
  const size = both > 0 ? both : lastAgreed > 0 ? Math.min(lastAgreed, known || lastAgreed) : known;
  if (user === 0) return size;
  return user > size ? undefined : user;
}

/** P_SIZES: at connect, and when a disk comes or grows. */
export function onSizes(r: Resource, v: Volume, packet: SizesPacket): void {
  v.peer.diskSectors = packet.diskSectors;
  v.peer.maxBioBytes = packet.maxBioBytes;
  const { backing } = v;
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
  backing.laSizeSectors = sectors;
  r.statusChanged = true;
  writeSuperblock(r, v);
}
