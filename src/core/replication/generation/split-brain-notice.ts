/** Keeps what is known of a split brain, and tells people: since when, how much each side changed, who was Primary. */
import { elapsedMs } from "../../../base/time.ts";
import { Role } from "../../../formats/drbd/drbd-state.ts";
import type { GenerationUuids } from "../../../formats/drbd/superblock.ts";
import { notice } from "../emit.ts";
import { blockBytes } from "../metadata/bitmap.ts";
import type { Resource } from "../resource.ts";
import type { Backing, Volume } from "../volume.ts";
import type { SplitBrain } from "./split-brain.ts";
import type { SyncDecision } from "./sync-decision.ts";

/** The two have met, and each has writes of which the other knows nothing. */
export function onSplitBrain(
  r: Resource,
  v: Volume,
  of: {
    readonly backing: Backing;
    readonly peerUuids: GenerationUuids;
    readonly peerRole: Role;
    readonly decision: SyncDecision;
  },
): void {
  const { backing, peerUuids, peerRole, decision } = of;
  const found: SplitBrain = {
    label: decision.label,
    foundAt: r.now,
    apartSince: r.link.lostSince,
    peerUuids,
    selfChangedBytes: backing.bitmap.weight * blockBytes,
    peerChangedBytes: v.peer.bits * blockBytes,
    selfWasPrimary: (backing.uuids.bitmap & 1n) === 1n,
    peerWasPrimary: (peerUuids.bitmap & 1n) === 1n,
    selfPrimary: r.role === Role.Primary,
    peerPrimary: peerRole === Role.Primary,
  };
  v.splitBrain = found;
  r.statusChanged = true;
  tell(r, v, found, decision.kind !== "refuse");
}

function tell(r: Resource, v: Volume, found: SplitBrain, resolved: boolean): void {
  const { nodeName, peerName, name } = r.settings;
  const { apartSince, selfWasPrimary, peerWasPrimary } = found;
  const selfChangedKiB = found.selfChangedBytes / 1024;
  const peerChangedKiB = found.peerChangedBytes / 1024;
  const apartMs = apartSince === undefined ? undefined : elapsedMs(apartSince, r.now);
  const apart = apartMs === undefined ? "" : `, apart for ${Math.round(apartMs / 1000)} s`;
  const was = (primary: boolean): string =>
    primary ? "was Primary when they parted" : "was Secondary";
  const next = resolved ? "" : `. What to do: holdfast resolve ${name}`;
  notice(
    r,
    resolved ? "warn" : "error",
    "split-brain",
    `split brain${apart}: ${nodeName} changed ${selfChangedKiB} KiB and ${was(selfWasPrimary)}, ` +
      `${peerName} changed ${peerChangedKiB} KiB and ${was(peerWasPrimary)}${next}`,
    {
      volume: v,
      fields: {
        resolved,
        label: found.label,
        self: nodeName,
        peer: peerName,
        selfChangedKiB,
        peerChangedKiB,
        selfWasPrimary,
        peerWasPrimary,
        selfIsPrimary: found.selfPrimary,
        peerIsPrimary: found.peerPrimary,
        ...(apartMs === undefined ? {} : { apartMs }),
      },
    },
  );
}
