/** Runs the UUID comparison and the sync decision with this volume's facts, and takes what follows for the metadata. */
import { Disk, type DrbdState, Role } from "../../../formats/drbd/drbd-state.ts";
import { Feature, UuidFlag } from "../../../formats/drbd/packet-flags.ts";
import type { GenerationUuids } from "../../../formats/drbd/superblock.ts";
import { notice, runHandler } from "../emit.ts";
import { writeSuperblock } from "../metadata/metadata-writer.ts";
import type { Resource } from "../resource.ts";
import { beginFullSync } from "../resync/full-sync.ts";
import type { Backing, Volume } from "../volume.ts";
import { formatUuids } from "./generation-uuids.ts";
import { onSplitBrain } from "./split-brain-notice.ts";
import { decideSync, type SyncDecision } from "./sync-decision.ts";
import { compareUuids, type UuidOutcome } from "./uuid-compare.ts";

export type HandshakeResult = "none" | "source" | "target" | "refused" | "refused-dry-run";

/** @param peerState as the peer said it; `realPeerDisk`: what that means if its disk is being negotiated. */
export function syncHandshake(
  r: Resource,
  v: Volume,
  peerState: DrbdState,
  realPeerDisk: Disk,
): HandshakeResult {
  const { backing } = v;
  const { uuids } = v.peer;
  if (backing === undefined || uuids === undefined) return "none";
  const compared = compareUuids({
    self: backing.uuids,
    peer: uuids,
    selfCrashedPrimary: backing.crashedPrimary,
    peerCrashedPrimary: (v.peer.uuidFlags & UuidFlag.CrashedPrimary) !== 0,
    selfPrimary: r.role === Role.Primary,
    peerPrimary: peerState.role === Role.Primary,
    resolveConflicts: r.link.resolveConflicts,
    wsameAgreed: (r.link.features & Feature.Wsame) !== 0,
  });
  const disk = v.disk === Disk.Negotiating ? (backing.negotiated?.disk ?? v.disk) : v.disk;
  const decision = decideSync({
    compared,
    disk,
    attached: v.disk !== Disk.Negotiating,
    peerDisk: realPeerDisk,
    selfDiscards: r.link.discardMyData,
    peerDiscards: r.link.peerDiscardsItsData || (v.peer.uuidFlags & UuidFlag.DiscardMyData) !== 0,
    dryRun: r.link.tentative || r.link.peerDryRun,
    // A role is not given up in the middle of a handshake with another Primary, in the kernel's DRBD neither: the
    // handler pri-lost-after-sb is called, as when the device is in use.
    canDemote:
      peerState.role !== Role.Primary && r.volumes.every((volume) => volume.openCount === 0),
    net: r.net,
    selfPrimary: r.role === Role.Primary,
    peerPrimary: peerState.role === Role.Primary,
    selfWasPrimary: (backing.uuids.bitmap & 1n) === 1n,
    peerWasPrimary: (uuids.bitmap & 1n) === 1n,
    selfChanged: backing.bitmap.weight,
    peerChanged: v.peer.bits,
    resolveConflicts: r.link.resolveConflicts,
  });
  tell(r, v, { backing, peer: uuids, compared, decision });
  if (decision.splitBrain) {
    onSplitBrain(r, v, { backing, peerUuids: uuids, peerRole: peerState.role, decision });
  }
  for (const handler of decision.handlers) runHandler(r, handler, v);
  v.lastSyncDecision = decision.label;
  if (compared.peerCorrected !== undefined) v.peer.uuids = compared.peerCorrected;
  if (compared.selfCorrected !== undefined) {
    backing.uuids = compared.selfCorrected;
    writeSuperblock(r, v);
  }
  if (decision.kind === "refuse") {
    return r.link.peerDryRun && !r.link.tentative ? "refused-dry-run" : "refused";
  }
  if (decision.full) beginFullSync(r, v);
  if (decision.demote) r.steps.push({ step: "give-up-primary" });
  if (decision.sync === "none" && backing.bitmap.weight > 0) {
    const text = `No resync, but ${backing.bitmap.weight} bits in bitmap!`;
    notice(r, "info", "bits-without-resync", text, { volume: v });
  }
  return decision.sync;
}

/** The kernel's lines, one by one: people look for them. */
function tell(
  r: Resource,
  v: Volume,
  of: {
    readonly backing: Backing;
    readonly peer: GenerationUuids;
    readonly compared: UuidOutcome;
    readonly decision: SyncDecision;
  },
): void {
  const { backing, peer, compared, decision } = of;
  const { result, rule } = compared;
  const { label } = decision;
  const sync = decision.kind === "refuse" ? "refuse" : decision.sync;
  const lines = [
    "drbd_sync_handshake:",
    `self ${formatUuids(backing.uuids)} bits:${backing.bitmap.weight} flags:${backing.crashedPrimary ? 2 : 0}`,
    `peer ${formatUuids(peer)} bits:${v.peer.bits} flags:${v.peer.uuidFlags}`,
  ];
  for (const line of lines) notice(r, "info", "sync-handshake", line, { volume: v });
  notice(r, "info", "sync-handshake", `uuid_compare()=${result} by rule ${rule}`, {
    volume: v,
    fields: { result, rule, label, decision: sync },
  });
  const level = decision.kind === "refuse" ? "error" : "info";
  for (const message of decision.messages) {
    notice(r, level, "sync-decision", message, { volume: v, fields: { label } });
  }
}
