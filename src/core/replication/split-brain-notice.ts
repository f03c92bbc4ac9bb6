/** Tells people what they have to know about a split brain: since when, how much each side changed, who was Primary. */
import { elapsedMs } from "../../base/time.ts";
import { Role } from "../../formats/drbd/drbd-state.ts";
import { blockBytes } from "./bitmap.ts";
import { notice } from "./emit.ts";
import type { Resource } from "./resource.ts";
import type { SyncDecision } from "./sync-decision.ts";
import type { Volume } from "./volume.ts";

export function tellSplitBrain(r: Resource, v: Volume, decision: SyncDecision): void {
  const { nodeName, peerName } = r.settings;
  const selfChangedKiB = ((v.backing?.bitmap.weight ?? 0) * blockBytes) / 1024;
  const peerChangedKiB = (v.peer.bits * blockBytes) / 1024;
  const selfWasPrimary = ((v.backing?.uuids.bitmap ?? 0n) & 1n) === 1n;
  const peerWasPrimary = ((v.peer.uuids?.bitmap ?? 0n) & 1n) === 1n;
  const since = r.link.lostSince;
  const apart =
    since === undefined ? "" : `, apart for ${Math.round(elapsedMs(since, r.now) / 1000)} s`;
  const was = (primary: boolean): string =>
    primary ? "was Primary when they parted" : "was Secondary";
  notice(
    r,
    decision.kind === "refuse" ? "error" : "warn",
    "split-brain",
    `split brain${apart}: ${nodeName} changed ${selfChangedKiB} KiB and ${was(selfWasPrimary)}, ` +
      `${peerName} changed ${peerChangedKiB} KiB and ${was(peerWasPrimary)}`,
    {
      volume: v,
      fields: {
        resolved: decision.kind !== "refuse",
        label: decision.label,
        self: nodeName,
        peer: peerName,
        selfChangedKiB,
        peerChangedKiB,
        selfWasPrimary,
        peerWasPrimary,
        selfIsPrimary: r.role === Role.Primary,
        ...(since === undefined ? {} : { apartMs: elapsedMs(since, r.now) }),
      },
    },
  );
}
