/**
 * What follows by itself from a wished state: the first of the filters of a state change. DRBD 8.4's rules in its
 * order, since both nodes derive each other's state by them.
 */
import { Conn, Disk, type DrbdState, Role } from "../../../formats/drbd/drbd-state.ts";
import { isBehind } from "../connection/vouching.ts";
import type { DiskSettings } from "../settings.ts";

export type SanitizeContext = {
  readonly disk: Pick<DiskSettings, "fencing" | "onNoDataAccessible">;
  /** The states prepared at attach, to be taken when the peer is lost before it has judged them; none if the data aren't the expected ones. */
  readonly negotiated: { readonly disk: Disk; readonly pdsk: Disk } | undefined;
};

export type Sanitized = {
  readonly state: DrbdState;
  /** What was changed that people should hear of. */
  readonly warning?:
    | "Resync aborted."
    | "Online-verify aborted."
    | "Connection lost while negotiating, no data!"
    | "Implicitly set disk state";
};

/** The bounds of both disk states by connection state. */
type Bounds = readonly [diskMin: Disk, diskMax: Disk, pdskMin: Disk, pdskMax: Disk];

export function sanitizeState(
  old: DrbdState,
  wish: DrbdState,
  context: SanitizeContext,
): Sanitized {
  let s = wish;
  let warning: Sanitized["warning"];
  if (s.conn < Conn.Connected) {
    const remembered = s.pdsk >= Disk.Inconsistent && s.pdsk <= Disk.DUnknown;
    s = { ...s, peerIsp: false, peer: Role.Unknown, pdsk: remembered ? s.pdsk : Disk.DUnknown };
  }
  if (s.conn === Conn.StandAlone && s.disk === Disk.Diskless && s.role === Role.Secondary) {
    s = { ...s, aftrIsp: false };
  }
  if (s.conn > Conn.Connected && (s.disk <= Disk.Failed || s.pdsk <= Disk.Failed)) {
    const verify = old.conn === Conn.VerifyS || old.conn === Conn.VerifyT;
    warning = verify ? "Online-verify aborted." : "Resync aborted.";
    s = { ...s, conn: Conn.Connected };
  }
  if (s.conn < Conn.Connected && s.disk === Disk.Negotiating) {
    if (context.negotiated === undefined) {
      warning = "Connection lost while negotiating, no data!";
      s = { ...s, disk: Disk.Diskless, pdsk: Disk.DUnknown };
    } else {
      s = { ...s, ...context.negotiated };
    }
  }
  if (s.conn >= Conn.Connected && s.conn < Conn.Ahead) {
    const wasConnected = old.conn >= Conn.Connected;
    // (Deviation: the kernel's do also beside a node without a disk; connection/vouching.ts says who may.)
    const judged = s.role === Role.Primary || s.disk >= Disk.Negotiating;
    s = {
      ...s,
      disk: s.pdsk < Disk.Negotiating ? s.disk : met(s.disk, wasConnected ? old.disk : undefined),
      pdsk: judged ? met(s.pdsk, wasConnected ? old.pdsk : undefined) : s.pdsk,
    };
  }
  const bounded = withinBounds(s);
  if (s.disk === Disk.Negotiating && bounded.disk !== s.disk) warning = "Implicitly set disk state";
  s = suspend(old, bounded, context);
  return { state: pauseSync(s), ...(warning === undefined ? {} : { warning }) };
}

/**
 * A copy that is whole is as good as the peer's when the two have met and found no difference. Safety: one that was
 * connected already and not UpToDate differs, or nobody knows; it does not become so because a resync is given up.
 * (Deviation: the kernel's does.) @param was the disk before, if the two were connected.
 */
function met(disk: Disk, was: Disk | undefined): Disk {
  if (!isBehind(disk)) return disk;
  return was !== undefined && isBehind(was) ? disk : Disk.UpToDate;
}

function boundsOf(conn: Conn): Bounds {
  switch (conn) {
    case Conn.WFBitMapT:
    case Conn.StartingSyncT:
    case Conn.WFSyncUUID:
    case Conn.PausedSyncT:
    case Conn.Behind:
      return [Disk.Inconsistent, Disk.Outdated, Disk.UpToDate, Disk.UpToDate];
    case Conn.SyncTarget:
      return [Disk.Inconsistent, Disk.Inconsistent, Disk.UpToDate, Disk.UpToDate];
    case Conn.WFBitMapS:
    case Conn.StartingSyncS:
    case Conn.PausedSyncS:
    case Conn.Ahead:
      return [Disk.UpToDate, Disk.UpToDate, Disk.Inconsistent, Disk.Consistent];
    case Conn.SyncSource:
      return [Disk.UpToDate, Disk.UpToDate, Disk.Inconsistent, Disk.Inconsistent];
    case Conn.VerifyS:
    case Conn.VerifyT:
      return [Disk.UpToDate, Disk.UpToDate, Disk.UpToDate, Disk.UpToDate];
    case Conn.Connected:
      return [Disk.Diskless, Disk.UpToDate, Disk.Diskless, Disk.UpToDate];
    default:
      return [Disk.Diskless, Disk.UpToDate, Disk.Inconsistent, Disk.DUnknown];
  }
}

function withinBounds(s: DrbdState): DrbdState {
  const [diskMin, diskMax, pdskMin, pdskMax] = boundsOf(s.conn);
  const disk = Math.max(diskMin, Math.min(diskMax, s.disk)) as Disk;
  const pdsk = Math.max(pdskMin, Math.min(pdskMax, s.pdsk)) as Disk;
  return disk === s.disk && pdsk === s.pdsk ? s : { ...s, disk, pdsk };
}

/** I/O freezes when this change is what makes it necessary. */
function suspend(old: DrbdState, s: DrbdState, context: SanitizeContext): DrbdState {
  const { fencing, onNoDataAccessible } = context.disk;
  let { suspFen, suspNod } = s;
  if (fencing === "resource-and-stonith" && mayBeAlone(s) && !mayBeAlone(old)) suspFen = true;
  if (onNoDataAccessible === "suspend-io" && withoutData(s) && !withoutData(old)) suspNod = true;
  return suspFen === s.suspFen && suspNod === s.suspNod ? s : { ...s, suspFen, suspNod };
}

function mayBeAlone(s: DrbdState): boolean {
  return s.role === Role.Primary && s.conn < Conn.Connected && s.pdsk > Disk.Outdated;
}

function withoutData(s: DrbdState): boolean {
  return s.role === Role.Primary && s.disk < Disk.UpToDate && s.pdsk < Disk.UpToDate;
}

function pauseSync(s: DrbdState): DrbdState {
  const paused = s.aftrIsp || s.peerIsp || s.userIsp;
  if (paused && s.conn === Conn.SyncSource) return { ...s, conn: Conn.PausedSyncS };
  if (paused && s.conn === Conn.SyncTarget) return { ...s, conn: Conn.PausedSyncT };
  if (!paused && s.conn === Conn.PausedSyncS) return withinBounds({ ...s, conn: Conn.SyncSource });
  if (!paused && s.conn === Conn.PausedSyncT) return withinBounds({ ...s, conn: Conn.SyncTarget });
  return s;
}
