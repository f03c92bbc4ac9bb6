/**
 * drbdmeta's commands, with the names and exit codes of drbd-utils' program (specification section 17). Two things differ:
 * it never asks, but refuses until `--force` is given; and nobody has to call apply-al, since the disk server does the
 * same whenever it attaches.
 */
import { UserError } from "../../api/user-error.ts";
import { unreachable } from "../../base/assert.ts";
import { applyActivityLog } from "../../core/replication/offline/apply-activity-log.ts";
import { createMetadata } from "../../core/replication/offline/create-metadata.ts";
import type { MetadataDevices } from "../../core/replication/offline/metadata-device.ts";
import {
  type FoundMetadata,
  layoutOf,
  readMetadata,
} from "../../core/replication/offline/read-metadata.ts";
import { sectorBytes } from "../../formats/drbd/packet-flags.ts";
import { encodeSuperblock, MdFlag, superblockBytes } from "../../formats/drbd/superblock.ts";
import { dumpText } from "./dump-text.ts";
import { foreignContent } from "./foreign-content.ts";
import { dstateWord, giText, showGiText } from "./generation.ts";
import { type MetaArguments, metaUsage, parseMetaArguments } from "./meta-arguments.ts";
import { type OpenMetadata, openMetadata } from "./open-metadata.ts";

export type Terminal = {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
};

const exitRefused = 1;
const exitUsage = 20;
const exitNoMetadata = 255;

/** Returns the exit status. */
export function drbdmeta(words: readonly string[], terminal: Terminal): number {
  if (words.includes("--help")) {
    terminal.out(metaUsage);
    return 0;
  }
  const parsed = parseMetaArguments(words);
  if (!parsed.ok) {
    terminal.error(`drbdmeta: ${parsed.error} [HF2151]\n${metaUsage}`);
    return exitUsage;
  }
  try {
    return withDevice(parsed.value, terminal);
  } catch (error) {
    const told = error instanceof UserError ? error : systemError(error, parsed.value.device);
    if (told === undefined) throw error;
    const remedy = told.remedy === undefined ? "" : `  ${told.remedy}\n`;
    terminal.error(`drbdmeta: ${told.message} [${told.code}]\n${remedy}`);
    return told.exit ?? exitUsage;
  }
}

/** What the operating system refused, as words for people; undefined for a bug of ours. */
function systemError(error: unknown, device: string): UserError | undefined {
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) return undefined;
  return new UserError("HF2156", `${device}: ${message}`, { exit: exitUsage });
}

type Work = {
  readonly given: MetaArguments;
  readonly meta: OpenMetadata;
  readonly devices: MetadataDevices;
  readonly terminal: Terminal;
};

function withDevice(given: MetaArguments, terminal: Terminal): number {
  const meta = openMetadata(given.device);
  try {
    // With metadata on a device of its own, the data's size is not known here: whatever fits is right.
    const data = given.placement.kind === "internal" ? meta : { ...meta, sizeBytes: 2 ** 52 };
    return carryOut({ given, meta, devices: { data, meta }, terminal });
  } finally {
    meta.close();
  }
}

function carryOut(work: Work): number {
  const { command, force } = work.given;
  const { out } = work.terminal;
  switch (command) {
    case "create-md":
      return create(work);
    case "wipe-md":
      return wipe(work);
    case "get-gi":
      out(`${giText(found(work).superblock)}\n`);
      return 0;
    case "show-gi":
      out(showGiText(found(work).superblock));
      return 0;
    case "dstate":
      out(`${dstateWord(found(work).superblock)}/DUnknown\n`);
      return 0;
    case "dump-md":
      out(dumpText(found(work), { meta: work.meta, force }));
      return 0;
    case "apply-al":
      return applyLog(work);
    case "outdate":
      return changeFlags(work, { clear: MdFlag.WasUpToDate, set: 0 });
    case "invalidate":
      return changeFlags(work, {
        clear: MdFlag.Consistent | MdFlag.WasUpToDate,
        set: MdFlag.FullSync,
      });
    default:
      return unreachable(command);
  }
}

function create(work: Work): number {
  const { given, meta, devices, terminal } = work;
  const there = readMetadata(devices, given.placement);
  const older = there.ok || there.error.reason === "damaged" ? "metadata of DRBD" : undefined;
  const content =
    older ?? (given.placement.kind === "indexed" ? undefined : foreignContent(devices.meta));
  if (content !== undefined && !given.force) {
    throw new UserError("HF2154", `${given.device} holds ${content}: nothing was changed`, {
      exit: exitRefused,
      remedy: `--force writes new metadata all the same, and ${whatIsLost(older !== undefined)}`,
    });
  }
  const made = createMetadata(devices, given.placement);
  if (!made.ok)
    throw new UserError("HF2156", `${given.device}: ${made.error}`, { exit: exitUsage });
  meta.flush();
  terminal.out(`New drbd meta data block successfully created on ${given.device}.\n`);
  return 0;
}

function whatIsLost(isMetadata: boolean): string {
  return isMetadata
    ? "forgets which of the two copies is newer: the next connection copies everything one way."
    : "destroys what lies at the device's end.";
}

function wipe(work: Work): number {
  const { given, meta, terminal } = work;
  const { layout } = found(work);
  if (!given.force) {
    throw new UserError("HF2154", `${given.device} holds metadata: nothing was changed`, {
      exit: exitRefused,
      remedy: "--force removes them; the data stay, which copy was the newer one is forgotten.",
    });
  }
  meta.write(layout.superblockSector * sectorBytes, new Uint8Array(superblockBytes));
  meta.flush();
  terminal.out(`The metadata of ${given.device} are removed.\n`);
  return 0;
}

function applyLog(work: Work): number {
  const { given, meta, terminal } = work;
  const applied = applyActivityLog(meta, found(work));
  if (!applied.ok) {
    throw new UserError("HF2155", `${given.device}: ${applied.error}`, {
      exit: exitNoMetadata,
      remedy: "create-md --force writes new metadata: all is then taken from the peer.",
    });
  }
  meta.flush();
  if (applied.value > 0) {
    terminal.out(`Marked additional ${applied.value * 4} KB as out-of-sync based on AL.\n`);
  }
  return 0;
}

function changeFlags(
  work: Work,
  { clear, set }: { readonly clear: number; readonly set: number },
): number {
  const { superblock, layout } = found(work);
  const changed = { ...superblock, flags: (superblock.flags & ~clear) | set };
  work.meta.write(layout.superblockSector * sectorBytes, encodeSuperblock(changed));
  work.meta.flush();
  return 0;
}

function found({ given, devices }: Work): FoundMetadata {
  const read = readMetadata(devices, given.placement);
  if (read.ok) return read.value;
  const layout = layoutOf(devices, given.placement);
  const why = !layout.ok
    ? layout.error
    : read.error.reason === "damaged"
      ? `the metadata make no sense: ${read.error.message}`
      : "there are no metadata of DRBD";
  throw new UserError("HF2155", `${given.device}: ${why}`, { exit: exitNoMetadata });
}
