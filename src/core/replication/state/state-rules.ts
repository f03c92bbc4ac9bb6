/**
 * Which states and changes of state are refused, as tables: the first row that applies decides. A fact (a disk failed,
 * the network broke) is only held against the impossible transitions; a wish (of an administrator, of the peer)
 * against all three tables.
 */
import { Conn, Disk, type DrbdState, Role } from "../../../formats/drbd/drbd-state.ts";
import { mayBothBePrimary, type TwoPrimariesGuard } from "../roles/two-primaries-guard.ts";
import type { FencingPolicy } from "../settings.ts";
import { StateCode } from "./state-codes.ts";

export type RuleContext = {
  readonly fencing: FencingPolicy;
  readonly twoPrimaries: TwoPrimariesGuard;
  /** Someone uses the device. */
  readonly deviceOpen: boolean;
  readonly verifyAlg: string;
  readonly agreedProtocol: number;
  /** My first P_STATE is sent and the sync handshake has not decided yet. */
  readonly handshakeRunning: boolean;
};

export type RefusedState = {
  readonly label: string;
  readonly code: StateCode;
  readonly when: (s: DrbdState, c: RuleContext) => boolean;
};

export const refusedStates: readonly RefusedState[] = [
  {
    label: "two Primaries",
    code: StateCode.TwoPrimaries,
    when: (s, c) =>
      s.role === Role.Primary && s.peer === Role.Primary && !mayBothBePrimary(c.twoPrimaries),
  },
  {
    label: "Secondary while in use",
    code: StateCode.DeviceInUse,
    when: (s, c) => s.role === Role.Secondary && c.deviceOpen,
  },
  {
    label: "Primary alone without UpToDate data",
    code: StateCode.NoUpToDateDisk,
    when: (s) => s.role === Role.Primary && s.conn < Conn.Connected && s.disk < Disk.UpToDate,
  },
  {
    label: "Primary alone, peer not known to be outdated",
    code: StateCode.PrimaryNop,
    when: (s, c) =>
      c.fencing !== "dont-care" &&
      s.role === Role.Primary &&
      s.conn < Conn.Connected &&
      s.pdsk >= Disk.DUnknown,
  },
  {
    label: "Primary with no consistent copy",
    code: StateCode.NoUpToDateDisk,
    when: (s) =>
      s.role === Role.Primary && s.disk <= Disk.Inconsistent && s.pdsk <= Disk.Inconsistent,
  },
  {
    label: "resync without local disk",
    code: StateCode.NoLocalDisk,
    when: (s) => s.conn > Conn.Connected && s.disk < Disk.Inconsistent,
  },
  {
    label: "resync without remote disk",
    code: StateCode.NoRemoteDisk,
    when: (s) => s.conn > Conn.Connected && s.pdsk < Disk.Inconsistent,
  },
  {
    label: "resync without UpToDate data",
    code: StateCode.NoUpToDateDisk,
    when: (s) => s.conn > Conn.Connected && s.disk < Disk.UpToDate && s.pdsk < Disk.UpToDate,
  },
  {
    label: "Outdated while connected",
    code: StateCode.ConnectedOutdates,
    // (Deviation: it may meet a node without a disk, and stays Outdated there; see connection/vouching.ts.)
    when: (s, c) =>
      s.disk === Disk.Outdated &&
      !(c.handshakeRunning && s.conn === Conn.Connected && s.pdsk < Disk.Negotiating) &&
      (s.conn === Conn.Connected ||
        s.conn === Conn.WFBitMapS ||
        s.conn === Conn.SyncSource ||
        s.conn === Conn.PausedSyncS),
  },
  {
    label: "verify without an algorithm",
    code: StateCode.NoVerifyAlg,
    when: (s, c) => verifying(s) && c.verifyAlg === "",
  },
  {
    label: "verify not supported by the peer",
    code: StateCode.NotSupported,
    when: (s, c) => verifying(s) && c.agreedProtocol < 88,
  },
  {
    label: "Primary without UpToDate data",
    code: StateCode.NoUpToDateDisk,
    when: (s) => s.role === Role.Primary && s.disk < Disk.UpToDate && s.pdsk < Disk.UpToDate,
  },
  {
    label: "full sync without a known peer disk",
    code: StateCode.NeedConnection,
    when: (s) => startingSync(s) && s.pdsk === Disk.DUnknown,
  },
  {
    label: "connected to an unknown disk",
    code: StateCode.ConnectedOutdates,
    when: (s) => s.conn >= Conn.Connected && s.pdsk === Disk.DUnknown,
  },
];

export type RefusedWish = {
  readonly label: string;
  readonly code: StateCode;
  readonly when: (old: DrbdState, next: DrbdState, c: RuleContext) => boolean;
};

export const refusedWishes: readonly RefusedWish[] = [
  {
    label: "full sync while a sync runs",
    code: StateCode.ResyncRunning,
    when: (o, n) => startingSync(n) && o.conn > Conn.Connected,
  },
  {
    label: "disconnect when StandAlone",
    code: StateCode.AlreadyStandAlone,
    when: (o, n) => n.conn === Conn.Disconnecting && o.conn === Conn.StandAlone,
  },
  {
    label: "attach state without a disk",
    code: StateCode.IsDiskless,
    when: (o, n) => n.disk > Disk.Attaching && o.disk === Disk.Diskless,
  },
  {
    label: "connect when StandAlone",
    code: StateCode.NoNetConfig,
    when: (o, n) => n.conn === Conn.WFConnection && o.conn < Conn.Unconnected,
  },
  {
    label: "outdate a lower disk",
    code: StateCode.LowerThanOutdated,
    when: (o, n) => n.disk === Disk.Outdated && o.disk < Disk.Outdated && o.disk !== Disk.Attaching,
  },
  {
    label: "disconnect while Unconnected",
    code: StateCode.InTransientState,
    when: (o, n) => n.conn === Conn.Disconnecting && o.conn === Conn.Unconnected,
  },
  {
    label: "during the handshake",
    code: StateCode.InTransientState,
    when: (o, n, c) => c.handshakeRunning && !establishes(o, n),
  },
  {
    label: "promote before the sync is decided",
    code: StateCode.InTransientState,
    when: (o, n) =>
      n.role === Role.Primary &&
      o.role !== Role.Primary &&
      n.pdsk === Disk.UpToDate &&
      n.disk !== Disk.UpToDate &&
      n.disk !== Disk.Diskless &&
      n.conn <= Conn.WFSyncUUID,
  },
  {
    // Safety: the kernel takes any copy for good that it is connected to. (Deviation: it would be let.)
    label: "the peer Primary on this copy, which is not UpToDate",
    code: StateCode.NoUpToDateDisk,
    when: (o, n) =>
      n.peer === Role.Primary &&
      o.peer !== Role.Primary &&
      o.conn >= Conn.Connected &&
      n.disk < Disk.UpToDate &&
      n.pdsk < Disk.UpToDate,
  },
  {
    label: "verify without a connection",
    code: StateCode.NeedConnection,
    when: (o, n) => verifying(n) && o.conn < Conn.Connected,
  },
  {
    label: "verify while something runs",
    code: StateCode.ResyncRunning,
    when: (o, n) => verifying(n) && n.conn !== o.conn && o.conn > Conn.Connected,
  },
  {
    label: "full sync without a connection",
    code: StateCode.NeedConnection,
    when: (o, n) => startingSync(n) && o.conn < Conn.Connected,
  },
  {
    // Safety: a verify counts both copies as UpToDate; it must not make one so.
    label: "verify of a copy that is not UpToDate",
    code: StateCode.NoUpToDateDisk,
    when: (o, n) =>
      verifying(n) && !verifying(o) && (o.disk !== Disk.UpToDate || o.pdsk !== Disk.UpToDate),
  },
  {
    label: "sync before the handshake",
    code: StateCode.NeedConnection,
    when: (o, n) =>
      (n.conn === Conn.SyncTarget || n.conn === Conn.SyncSource) && o.conn < Conn.WFReportParams,
  },
  {
    label: "outdate the peer without a connection",
    code: StateCode.NoGracefulOutdate,
    when: (o, n) =>
      n.conn === Conn.Disconnecting &&
      n.pdsk === Disk.Outdated &&
      o.conn < Conn.Connected &&
      o.pdsk > Disk.Outdated,
  },
];

/** A transition that is never made, not even as a fact. */
export function impossibleTransition(o: DrbdState, n: DrbdState): boolean {
  if (o.disk === Disk.Diskless && n.disk === Disk.Failed) return true;
  if (o.conn === n.conn) return false;
  if (o.conn === Conn.StandAlone) return n.conn !== Conn.Unconnected;
  if (o.conn < Conn.WFReportParams && n.conn >= Conn.Connected) return true;
  if (o.conn >= Conn.Timeout && o.conn <= Conn.TearDown) {
    return n.conn !== Conn.Unconnected && n.conn !== Conn.Disconnecting;
  }
  if (o.conn === Conn.Disconnecting) return n.conn !== Conn.StandAlone;
  return false;
}

export function refusedState(s: DrbdState, c: RuleContext): RefusedState | undefined {
  return refusedStates.find((row) => row.when(s, c));
}

export function refusedWish(o: DrbdState, n: DrbdState, c: RuleContext): RefusedWish | undefined {
  return refusedWishes.find((row) => row.when(o, n, c));
}

/** The steps by which a handshake comes to its end, which no one else may take part in. */
function establishes(o: DrbdState, n: DrbdState): boolean {
  return (
    (o.conn === Conn.WFConnection && n.conn === Conn.WFReportParams) ||
    (o.conn === Conn.WFReportParams && n.conn >= Conn.Connected)
  );
}

function verifying(s: DrbdState): boolean {
  return s.conn === Conn.VerifyS || s.conn === Conn.VerifyT;
}

function startingSync(s: DrbdState): boolean {
  return s.conn === Conn.StartingSyncS || s.conn === Conn.StartingSyncT;
}
