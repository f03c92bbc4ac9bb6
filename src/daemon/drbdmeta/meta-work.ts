/** What a command of drbdmeta works with: the arguments, the opened device, the terminal. */
import { UserError } from "../../api/user-error.ts";
import { metadataBeforeGrowth } from "../../core/replication/offline/grown-device.ts";
import type { MetadataDevices } from "../../core/replication/offline/metadata-device.ts";
import {
  type FoundMetadata,
  layoutOf,
  readMetadata,
} from "../../core/replication/offline/read-metadata.ts";
import { sectorBytes } from "../../formats/drbd/packet-flags.ts";
import { encodeSuperblock, type Superblock } from "../../formats/drbd/superblock.ts";
import { readLastKnown } from "../../host/store/last-known-device.ts";
import type { MetaArguments } from "./meta-arguments.ts";
import type { OpenMetadata } from "./open-metadata.ts";

export type Terminal = {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  /** The line that a person types; undefined where no person can be asked. */
  readonly readLine?: () => string | undefined;
};

export type MetaWork = {
  readonly given: MetaArguments;
  readonly meta: OpenMetadata;
  readonly devices: MetadataDevices;
  readonly terminal: Terminal;
};

/** Exit codes of drbd-utils' program. */
export const MetaExit = {
  NotConfirmed: 1,
  NoMetadata: 1,
  Inconsistent: 5,
  BadOperand: 10,
  Usage: 20,
  WouldTruncate: 40,
  Unclean: 255,
} as const;

/** @throws UserError HF2155 where there are none that can be used. */
export function found({ given, devices }: MetaWork): FoundMetadata {
  const read = readMetadata(devices, given.placement);
  if (read.ok) return read.value;
  const { device, placement } = given;
  const sizeBytes = lastSizeBytes(given);
  if (metadataBeforeGrowth(devices, sizeBytes) !== undefined) {
    const grown = `has grown from ${sizeBytes} to ${devices.data.sizeBytes} bytes`;
    throw new UserError("HF2157", `${device} ${grown}, and its metadata are where its end was`, {
      exit: MetaExit.NoMetadata,
      remedy: "Move them to its end: drbdadm check-resize RES, or drbdmeta's check-resize.",
    });
  }
  const layout = layoutOf(devices, placement);
  const why = !layout.ok
    ? layout.error
    : read.error.reason === "not-found"
      ? "No valid meta data found"
      : `the metadata cannot be used: ${read.error.message}`;
  throw new UserError("HF2155", `${device}: ${why}`, { exit: MetaExit.NoMetadata });
}

/** Of a device with internal metadata, when it was last in use; undefined where that is not known. */
export function lastSizeBytes({ minor, placement }: MetaArguments): number | undefined {
  return placement.kind === "internal" ? readLastKnown(minor)?.sizeBytes : undefined;
}

/** `--force` answers with yes; so does only the whole word. */
export function confirmed({ given, terminal }: MetaWork, question: string): boolean {
  terminal.error(`\n${question}\n`);
  if (given.force) {
    terminal.error("*** confirmation forced via --force option ***\n");
    return true;
  }
  if (terminal.readLine === undefined) {
    terminal.error("stdin not a TTY, not waiting for confirmation\n");
    return false;
  }
  terminal.error("[need to type 'yes' to confirm] ");
  const answer = terminal.readLine();
  terminal.error("\n");
  return answer === "yes";
}

export function writeSuperblock(
  { meta }: MetaWork,
  { layout }: FoundMetadata,
  changed: Superblock,
): void {
  meta.write(layout.superblockSector * sectorBytes, encodeSuperblock(changed));
  meta.flush();
}
