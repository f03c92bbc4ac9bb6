/** Commands that change metadata which are there: their superblock, mostly. */
import { UserError } from "../../api/user-error.ts";
import { applyActivityLog } from "../../core/replication/offline/apply-activity-log.ts";
import { readMetadata } from "../../core/replication/offline/read-metadata.ts";
import { sectorBytes } from "../../formats/drbd/packet-flags.ts";
import { MdFlag, superblockBytes } from "../../formats/drbd/superblock.ts";
import { isBeforeGrowth, moveGrown } from "./check-resize-command.ts";
import { giText, hex64, withGeneration } from "./generation.ts";
import { confirmed, found, MetaExit, type MetaWork, writeSuperblock } from "./meta-work.ts";

export function wipeCommand(work: MetaWork): number {
  const { given, meta, devices, terminal } = work;
  if (!readMetadata(devices, given.placement).ok) {
    terminal.error("There appears to be no drbd meta data to wipe out?\n");
    return 0;
  }
  const there = found(work);
  if (!confirmed(work, "Do you really want to wipe out the DRBD meta data?")) {
    throw new UserError("HF2154", `${given.device} holds metadata: nothing was changed`, {
      exit: MetaExit.NotConfirmed,
      remedy: "--force removes them; the data stay, which copy was the newer one is forgotten.",
    });
  }
  meta.write(there.layout.superblockSector * sectorBytes, new Uint8Array(superblockBytes));
  meta.flush();
  terminal.out("DRBD meta data block successfully wiped out.\n");
  return 0;
}

export function applyLogCommand(work: MetaWork): number {
  const { given, meta, terminal } = work;
  if (isBeforeGrowth(work)) return moveGrown(work);
  const applied = applyActivityLog(meta, found(work));
  if (!applied.ok) {
    throw new UserError("HF2155", `${given.device}: ${applied.error}`, {
      exit: MetaExit.NoMetadata,
      remedy: "create-md --force writes new metadata: all is then taken from the peer.",
    });
  }
  if (applied.value > 0) {
    terminal.out(`Marked additional ${applied.value * 4} KB as out-of-sync based on AL.\n`);
  }
  return 0;
}

export function outdateCommand(work: MetaWork): number {
  const there = found(work);
  const { flags } = there.superblock;
  if ((flags & MdFlag.Consistent) === 0) {
    work.terminal.error("Device is inconsistent.\n");
    return MetaExit.Inconsistent;
  }
  writeSuperblock(work, there, { ...there.superblock, flags: flags & ~MdFlag.WasUpToDate });
  return 0;
}

export function invalidateCommand(work: MetaWork): number {
  const there = found(work);
  const kept = there.superblock.flags & ~(MdFlag.Consistent | MdFlag.WasUpToDate);
  writeSuperblock(work, there, { ...there.superblock, flags: kept | MdFlag.FullSync });
  return 0;
}

export function setGiCommand(work: MetaWork): number {
  const { given, terminal } = work;
  const there = found(work);
  const changed = withGeneration(there.superblock, given.operand);
  if (!changed.ok) {
    throw new UserError("HF2151", changed.error, { exit: MetaExit.BadOperand });
  }
  terminal.out(`previously ${giText(there.superblock)}\nset GI to  ${giText(changed.value)}\n`);
  if (!confirmed(work, "Write new GI to disk?")) {
    terminal.out("Operation canceled.\n");
    return 0;
  }
  writeSuperblock(work, there, changed.value);
  return 0;
}

export function readDeviceUuidCommand(work: MetaWork): number {
  work.terminal.out(`${hex64(found(work).superblock.deviceUuid)}\n`);
  return 0;
}

export function writeDeviceUuidCommand(work: MetaWork): number {
  const { operand } = work.given;
  const there = found(work);
  if (!/^(0x)?[0-9a-fA-F]{1,16}$/.test(operand)) {
    throw new UserError("HF2151", `'${operand}' is not a number of 16 hexadecimal digits`, {
      exit: MetaExit.BadOperand,
    });
  }
  const deviceUuid = BigInt(`0x${operand.replace(/^0x/, "")}`);
  writeSuperblock(work, there, { ...there.superblock, deviceUuid });
  return 0;
}
