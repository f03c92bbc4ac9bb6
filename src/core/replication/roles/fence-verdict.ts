/**
 * The fence-peer handler's exit code: what is known of the peer from here on. Specification section 13.3; the words are
 * those of the kernel's log.
 */
import { Conn, Disk, type DrbdState } from "../../../formats/drbd/drbd-state.ts";
import { notice } from "../emit.ts";
import type { FenceVerdict } from "../events.ts";
import type { Resource } from "../resource.ts";
import { requestState } from "../state/state-change.ts";
import { StateCode, stateCodeText } from "../state/state-codes.ts";
import { onFencingMoot, onPromotionFenced } from "./promote.ts";

export type FenceRow = {
  readonly exitCode: number;
  readonly label: string;
  /** Only where this node's copy is good: its own word about the peer is worth something. */
  readonly needsUpToDate?: true;
  /** Of the peer's disk, as known here; absent when nothing is learnt about it. */
  readonly pdsk?: Disk;
  /** Of this node's own disk. */
  readonly disk?: Disk;
};

/** The first row that fits decides; an exit code in none of them decides nothing. */
export const fenceRows: readonly FenceRow[] = [
  { exitCode: 3, label: "peer is inconsistent or worse", pdsk: Disk.Inconsistent },
  { exitCode: 4, label: "peer was fenced", pdsk: Disk.Outdated },
  {
    exitCode: 5,
    needsUpToDate: true,
    label: "peer is unreachable, assumed to be dead",
    pdsk: Disk.Outdated,
  },
  { exitCode: 5, label: "peer unreachable, doing nothing since disk != UpToDate" },
  { exitCode: 6, label: "peer is active", disk: Disk.Outdated },
  { exitCode: 7, label: "peer was stonithed", pdsk: Disk.Outdated },
];

export function onFenceVerdict(r: Resource, verdict: FenceVerdict): void {
  const { fencing } = r;
  if (fencing === undefined || fencing.request !== verdict.request) return;
  r.fencing = undefined;
  // Safety: a verdict about a peer that has come back meanwhile is about another peer than the one that was lost.
  if (fencing.session === r.link.session && r.link.conn < Conn.WFReportParams) {
    take(r, verdict.exitCode);
  } else {
    const text = `fence-peer helper returned ${verdict.exitCode}, too late: the peer was there since`;
    notice(r, "info", "fence-verdict", text, { fields: { exitCode: verdict.exitCode } });
  }
  onPromotionFenced(r);
}

/** @param upToDate some volume of this node's is. */
export function fenceRow(exitCode: number, upToDate: boolean): FenceRow | undefined {
  return fenceRows.find(
    (row) => row.exitCode === exitCode && (upToDate || row.needsUpToDate !== true),
  );
}

/** The peer is there again: what was asked about its absence needs no answer, and nobody may wait for one. */
export function onPeerBack(r: Resource): void {
  const connected = r.volumes.every((v) => v.backing === undefined || v.conn >= Conn.Connected);
  if (r.fencing === undefined || !connected) return;
  r.fencing = undefined;
  onFencingMoot(r);
}

function take(r: Resource, exitCode: number): void {
  const row = fenceRow(
    exitCode,
    r.volumes.some((v) => v.disk === Disk.UpToDate),
  );
  if (row === undefined) {
    const frozen = r.suspFen ? "; I/O stays frozen" : "";
    notice(r, "error", "fence-verdict", `fence-peer helper broken, returned ${exitCode}${frozen}`, {
      fields: { exitCode },
    });
    return;
  }
  notice(r, "info", "fence-verdict", `fence-peer helper returned ${exitCode} (${row.label})`, {
    fields: { exitCode, label: row.label },
  });
  if (exitCode === 7 && r.volumes.every((v) => v.settings.fencing !== "resource-and-stonith")) {
    notice(r, "warn", "fence-verdict", "fence-peer() = 7 && fencing != Stonith !!!");
  }
  const change = (s: DrbdState): DrbdState => ({
    ...s,
    ...(row.pdsk === undefined ? {} : { pdsk: row.pdsk }),
    ...(row.disk === undefined ? {} : { disk: row.disk }),
  });
  const code = requestState(r, change);
  if (code < StateCode.Success) {
    notice(r, "warn", "fence-verdict", `the verdict changes nothing: ${stateCodeText(code)}`);
  }
}
