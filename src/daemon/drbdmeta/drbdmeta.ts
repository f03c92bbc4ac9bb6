/**
 * drbdmeta's commands, with the names, answers and exit codes of drbd-utils' program (specification section 17). Two things
 * differ: file systems are recognised by more marks, and nobody has to call apply-al, since the disk server does the same
 * whenever it attaches.
 */
import { UserError } from "../../api/user-error.ts";
import { unreachable } from "../../base/assert.ts";
import { metadataBeforeGrowth } from "../../core/replication/offline/grown-device.ts";
import { type FoundMetadata, readMetadata } from "../../core/replication/offline/read-metadata.ts";
import { forgetLastKnown, writeLastKnown } from "../../host/store/last-known-device.ts";
import {
  applyLogCommand,
  invalidateCommand,
  outdateCommand,
  readDeviceUuidCommand,
  setGiCommand,
  wipeCommand,
  writeDeviceUuidCommand,
} from "./change-commands.ts";
import { checkResizeCommand, isBeforeGrowth } from "./check-resize-command.ts";
import { createCommand } from "./create-command.ts";
import { dumpText } from "./dump-text.ts";
import { dstateWord, giText, lastUseText, showGiText } from "./generation.ts";
import { type MetaArguments, parseMetaArguments } from "./meta-arguments.ts";
import { metaUsage } from "./meta-commands.ts";
import { found, lastSizeBytes, MetaExit, type MetaWork, type Terminal } from "./meta-work.ts";
import { openMetadata } from "./open-metadata.ts";
import { restoreCommand, verifyDumpCommand } from "./restore-command.ts";

/** Returns the exit status. */
export function drbdmeta(words: readonly string[], terminal: Terminal): number {
  if (words.includes("--help") || words.includes("-h")) {
    terminal.out(metaUsage);
    return 0;
  }
  const parsed = parseMetaArguments(words);
  if (!parsed.ok) {
    const { kind, message } = parsed.error;
    const isUsage = kind === "usage";
    terminal.error(`drbdmeta: ${message} [HF2151]\n${isUsage ? metaUsage : ""}`);
    return isUsage ? MetaExit.Usage : MetaExit.BadOperand;
  }
  try {
    return withDevice(parsed.value, terminal);
  } catch (error) {
    const told = error instanceof UserError ? error : systemError(error, parsed.value.device);
    if (told === undefined) throw error;
    const remedy = told.remedy === undefined ? "" : `  ${told.remedy}\n`;
    terminal.error(`drbdmeta: ${told.message} [${told.code}]\n${remedy}`);
    return told.exit ?? MetaExit.Usage;
  }
}

/** What the operating system refused, as words for people; undefined for a bug of ours. */
function systemError(error: unknown, device: string): UserError | undefined {
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) return undefined;
  return new UserError("HF2156", `${device}: ${message}`, { exit: MetaExit.Usage });
}

function withDevice(given: MetaArguments, terminal: Terminal): number {
  const meta = openMetadata(given.device);
  try {
    // With metadata on a device of its own, the data's size is not known here: whatever fits is right.
    const data = given.placement.kind === "internal" ? meta : { ...meta, sizeBytes: 2 ** 52 };
    const work = { given, meta, devices: { data, meta }, terminal };
    const status = carryOut(work);
    remember(work);
    return status;
  } finally {
    meta.close();
  }
}

/** Where the end of the device is whose metadata are there. For the next time, when it may have grown. */
function remember({ given, meta, devices, terminal }: MetaWork): void {
  const { minor, device, placement, command } = given;
  if (command.looks === true) return;
  try {
    const there = readMetadata(devices, placement);
    if (there.ok && placement.kind === "internal") {
      const { deviceUuid } = there.value.superblock;
      writeLastKnown(minor, { sizeBytes: meta.sizeBytes, path: device, deviceUuid });
    } else if (command.name === "wipe-md" || placement.kind !== "internal") {
      forgetLastKnown(minor);
    }
  } catch (error) {
    terminal.error(`the device's size is not remembered: ${(error as Error).message}\n`);
  }
}

/** A dump is also made of metadata that a device which has grown left where its end was. */
function foundOrLeftBehind(work: MetaWork): FoundMetadata {
  const { given, devices, terminal } = work;
  const left = isBeforeGrowth(work)
    ? metadataBeforeGrowth(devices, lastSizeBytes(given))
    : undefined;
  if (left === undefined) return found(work);
  terminal.out("#\n### Device seems to have been resized!\n");
  terminal.out("### dumping meta data from the last known position\n");
  return left;
}

function carryOut(work: MetaWork): number {
  const { command, force } = work.given;
  const { out } = work.terminal;
  switch (command.name) {
    case "create-md":
      return createCommand(work);
    case "wipe-md":
      return wipeCommand(work);
    case "get-gi":
      out(`${giText(found(work).superblock)}\n`);
      return 0;
    case "show-gi": {
      const { superblock } = found(work);
      out(showGiText(superblock) + lastUseText(superblock));
      return 0;
    }
    case "set-gi":
      return setGiCommand(work);
    case "dstate":
      out(`${dstateWord(found(work).superblock)}/DUnknown\n`);
      return 0;
    case "dump-md":
      out(dumpText(foundOrLeftBehind(work), { meta: work.meta, force }));
      return 0;
    case "restore-md":
      return restoreCommand(work);
    case "verify-dump":
      return verifyDumpCommand(work);
    case "apply-al":
      return applyLogCommand(work);
    case "check-resize":
      return checkResizeCommand(work);
    case "outdate":
      return outdateCommand(work);
    case "invalidate":
      return invalidateCommand(work);
    case "read-dev-uuid":
      return readDeviceUuidCommand(work);
    case "write-dev-uuid":
      return writeDeviceUuidCommand(work);
    default:
      return unreachable(command.name);
  }
}
