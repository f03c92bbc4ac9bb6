/** The fence-peer handler's exit code: what is known of the peer from here on. */
import { Conn, Disk, type DrbdState } from "../../formats/drbd/drbd-state.ts";
import { notice } from "./emit.ts";
import type { FenceVerdict } from "./events.ts";
import { onFencingMoot, onPromotionFenced } from "./promote.ts";
import type { Resource } from "./resource.ts";
import { requestState } from "./state-change.ts";
import { StateCode, stateCodeText } from "./state-codes.ts";

export function onFenceVerdict(r: Resource, verdict: FenceVerdict): void {
  const { fencing } = r;
  if (fencing === undefined || fencing.request !== verdict.request) return;
  r.fencing = undefined;
  const { exitCode } = verdict;
  notice(r, "info", "fence-verdict", `fence-peer helper returned ${exitCode}`, {
    fields: { exitCode },
  });
  // Safety: a verdict about a peer that has come back meanwhile is about another peer than the one that was lost.
  if (fencing.session === r.link.session && r.link.conn < Conn.WFReportParams) {
    const change = effectOf(r, exitCode);
    if (change === undefined) {
      notice(r, "error", "fence-verdict", `fence-peer helper broken, returned ${exitCode}`);
    } else {
      const code = requestState(r, change);
      if (code < StateCode.Success) {
        notice(r, "warn", "fence-verdict", `the verdict changes nothing: ${stateCodeText(code)}`);
      }
    }
  }
  onPromotionFenced(r);
}

/** The peer is there again: what was asked about its absence needs no answer, and nobody may wait for one. */
export function onPeerBack(r: Resource): void {
  const connected = r.volumes.every((v) => v.backing === undefined || v.conn >= Conn.Connected);
  if (r.fencing === undefined || !connected) return;
  r.fencing = undefined;
  onFencingMoot(r);
}

function effectOf(r: Resource, exitCode: number): ((s: DrbdState) => DrbdState) | undefined {
  switch (exitCode) {
    case 3:
      return (s) => ({ ...s, pdsk: Disk.Inconsistent });
    case 4:
    case 7:
      return (s) => ({ ...s, pdsk: Disk.Outdated });
    case 5: {
      // Unreachable, assumed dead.
      const whole = r.volumes.some((v) => v.disk === Disk.UpToDate);
      return whole ? (s) => ({ ...s, pdsk: Disk.Outdated }) : (s) => s;
    }
    case 6:
      return (s) => ({ ...s, disk: Disk.Outdated });
    default:
      return undefined;
  }
}
