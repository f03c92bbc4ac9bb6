/** A superblock's generation identifiers and flags, as get-gi, show-gi and dstate tell them. */
import { generationLine, generationTable } from "../../api/disk-generation-text.ts";
import type { DiskGeneration } from "../../api/disk-status.ts";
import { err, ok, type Result } from "../../base/result.ts";
import { MdFlag, type Superblock } from "../../formats/drbd/superblock.ts";
import { generationFlags } from "./generation-flags.ts";

export function giText(superblock: Superblock): string {
  return generationLine(generationOf(superblock));
}

export function showGiText(superblock: Superblock): string {
  return generationTable(generationOf(superblock));
}

/** What the disk would be if it was attached and knew nothing of its peer. Specification section 4. */
export function dstateWord({ flags }: Pick<Superblock, "flags">): string {
  if ((flags & MdFlag.Consistent) === 0) return "Inconsistent";
  if ((flags & MdFlag.WasUpToDate) === 0) return "Outdated";
  return (flags & MdFlag.PeerOutDated) === 0 ? "Consistent" : "UpToDate";
}

/** What show-gi adds for metadata that no one has in use. */
export function lastUseText({
  flags,
  clean,
  laSizeSectors,
  laPeerMaxBioBytes,
}: Superblock): string {
  const words = [
    (flags & MdFlag.PrimaryInd) === 0 ? "Secondary" : "Primary",
    (flags & MdFlag.ConnectedInd) === 0 ? "StandAlone" : "Connected",
    dstateWord({ flags }),
  ];
  const size =
    laSizeSectors === 0
      ? "zero size device -- never seen peer yet?"
      : `last agreed size: ${laSizeSectors / 2} KiB (${laSizeSectors} sectors)\nlast agreed max bio size: ${laPeerMaxBioBytes} Byte`;
  const isClean = clean && (flags & MdFlag.AlClean) !== 0;
  return `\nflags: ${words.join(", ")}\nmeta-data: ${isClean ? "clean" : "need apply-al"}\n${size}\n`;
}

/** In the order in which get-gi tells them. */
const flagOrder = [
  MdFlag.Consistent,
  MdFlag.WasUpToDate,
  MdFlag.PrimaryInd,
  MdFlag.ConnectedInd,
  MdFlag.FullSync,
  MdFlag.PeerOutDated,
  MdFlag.CrashedPrimary,
] as const;

/**
 * @param text get-gi's form or the first fields of it; an empty field keeps what is there, and more fields than get-gi has
 * are not looked at.
 */
export function withGeneration(superblock: Superblock, text: string): Result<Superblock> {
  const fields = text.split(":");
  const names = ["current", "bitmap", "history1", "history2"] as const;
  const uuids = { ...superblock.uuids };
  for (const [i, name] of names.entries()) {
    const field = fields[i] ?? "";
    if (field === "") continue;
    if (!/^(0x)?[0-9a-f]{1,16}$/i.test(field)) return err(`'${field}' is not a number.`);
    uuids[name] = BigInt(`0x${field.replace(/^0x/i, "")}`);
  }
  let { flags } = superblock;
  for (const [i, flag] of flagOrder.entries()) {
    const field = fields[names.length + i] ?? "";
    if (field === "") continue;
    if (field !== "0" && field !== "1") return err(`'${field}' is not 0 or 1.`);
    flags = field === "1" ? flags | flag : flags & ~flag;
  }
  return ok({ ...superblock, uuids, flags });
}

export function hex64(value: bigint): string {
  return value.toString(16).toUpperCase().padStart(16, "0");
}

function generationOf({ uuids, flags }: Superblock): DiskGeneration {
  return {
    current: hex64(uuids.current),
    bitmap: hex64(uuids.bitmap),
    history: [hex64(uuids.history1), hex64(uuids.history2)],
    flags: generationFlags(flags),
  };
}
