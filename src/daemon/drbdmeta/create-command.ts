/** create-md: what is on the device is looked at first, and kept unless somebody says that it may go. */
import { UserError } from "../../api/user-error.ts";
import { createMetadata } from "../../core/replication/offline/create-metadata.ts";
import {
  layoutOf,
  type MetadataFault,
  readMetadata,
} from "../../core/replication/offline/read-metadata.ts";
import { defaultAlGeometry, type MetadataLayout } from "../../formats/drbd/metadata-layout.ts";
import { sectorBytes } from "../../formats/drbd/packet-flags.ts";
import { otherVersionAt } from "../../formats/drbd/superblock.ts";
import { isBeforeGrowth, moveGrown } from "./check-resize-command.ts";
import { foreignContent } from "./foreign-content.ts";
import { confirmed, MetaExit, type MetaWork } from "./meta-work.ts";

/** DRBD 0.7's internal metadata took so much at the device's end. */
const v07FixedBytes = 128 * 1024 * 1024;

/** @throws UserError HF2154 for what must not be overwritten, HF2156 where metadata cannot be. */
export function createCommand(work: MetaWork): number {
  const { given, meta, devices, terminal } = work;
  const layout = layoutOf(devices, given.placement, given.al ?? defaultAlGeometry);
  if (!layout.ok) throw cannotWrite(given.device, layout.error);
  if (offersMove(work)) return moveGrown(work);
  askAboutMetadata(work);
  refuseForeignContent(work, layout.value);
  const made = createMetadata(devices, given.placement, {
    al: given.al ?? defaultAlGeometry,
    peerMaxBioBytes: given.peerMaxBioBytes,
  });
  if (!made.ok) throw cannotWrite(given.device, made.error);
  meta.flush();
  terminal.out(`New drbd meta data block successfully created on ${given.device}.\n`);
  return 0;
}

/** Metadata where the device's end was: whoever forces new ones is not asked. */
function offersMove(work: MetaWork): boolean {
  if (work.given.force || !isBeforeGrowth(work)) return false;
  return confirmed(work, "Move internal meta data from last-known position?");
}

function askAboutMetadata(work: MetaWork): void {
  const { given } = work;
  const there = readMetadata(work.devices, given.placement);
  const what = there.ok ? "metadata of DRBD" : metadataInTheWay(work, there.error);
  if (what === undefined) return;
  const question = `${given.device} holds ${what}.\nDo you really want to overwrite the existing meta-data?`;
  if (confirmed(work, question)) return;
  throw notConfirmed(
    `${given.device} holds ${what}: nothing was changed`,
    "forgets which of the two copies is newer: the next connection copies everything one way.",
  );
}

function metadataInTheWay(work: MetaWork, fault: MetadataFault): string | undefined {
  if (fault.reason === "damaged") return `metadata of DRBD that cannot be used (${fault.message})`;
  const { given, meta } = work;
  const fixed = Math.floor(meta.sizeBytes / 4096) * 4096 - v07FixedBytes;
  if (given.placement.kind !== "internal" || fixed < 0) return undefined;
  const version = otherVersionAt(meta.read(fixed, 4096));
  return version === undefined ? undefined : `metadata of DRBD 0.${version.slice(2)} (${version})`;
}

/** Data whose end the metadata would take, or that they would overwrite, are refused to those who force, too. */
function refuseForeignContent(work: MetaWork, layout: MetadataLayout): void {
  const { given, meta, terminal } = work;
  const content = foreignContent(meta);
  if (content === undefined) return;
  const { what, neededBytes } = content;
  const internal = given.placement.kind === "internal";
  if (neededBytes !== undefined) {
    const usableBytes = internal ? layout.usableSectors * sectorBytes : 0;
    if (neededBytes > usableBytes) {
      if (given.ignoreSanityChecks) {
        terminal.out("Ignoring sanity check on user request.\n");
        return;
      }
      throw wouldTruncate({ device: given.device, what, neededBytes, usableBytes });
    }
  } else if (given.placement.kind === "indexed" && !slotHolds(work)) {
    // The beginning is another resource's slot; what counts is this one's.
    return;
  }
  const where = internal ? "at its end would be overwritten" : "on it would be overwritten";
  if (
    confirmed(work, `${given.device} holds ${what}; what lies ${where}.\nDo you want to proceed?`)
  ) {
    return;
  }
  throw notConfirmed(
    `${given.device} holds ${what}: nothing was changed`,
    internal ? "destroys what lies at the device's end." : "destroys it.",
  );
}

function slotHolds({ given, devices }: MetaWork): boolean {
  const layout = layoutOf(devices, given.placement);
  if (!layout.ok) return false;
  const at = layout.value.superblockSector * sectorBytes;
  const { bmOffset } = layout.value;
  return devices.meta.read(at, bmOffset * sectorBytes).some((byte) => byte !== 0);
}

function notConfirmed(message: string, loss: string): UserError {
  return new UserError("HF2154", message, {
    exit: MetaExit.NotConfirmed,
    remedy: `--force writes new metadata all the same, and ${loss}`,
  });
}

function wouldTruncate(found: {
  readonly device: string;
  readonly what: string;
  readonly neededBytes: number;
  readonly usableBytes: number;
}): UserError {
  const { device, what, neededBytes, usableBytes } = found;
  const message =
    usableBytes === 0
      ? `${device} holds ${what}, which the metadata would destroy`
      : `${device} holds ${what} of ${kib(neededBytes)} kB, and ${kib(usableBytes)} kB are left beside the metadata`;
  return new UserError("HF2154", `${message}: nothing was changed`, {
    exit: MetaExit.WouldTruncate,
    remedy:
      "Put the metadata on another device (meta-disk in drbd.conf), shrink what is there, or erase it: wipefs --all. " +
      "Should it be cut short all the same: --ignore-sanity-checks.",
  });
}

function kib(bytes: number): number {
  return Math.ceil(bytes / 1024);
}

function cannotWrite(device: string, why: string): UserError {
  return new UserError("HF2156", `${device}: ${why}`, { exit: MetaExit.BadOperand });
}
