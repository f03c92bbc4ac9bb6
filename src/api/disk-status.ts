/**
 * What a disk server tells about its DRBD resource: plain data for JSON. Sizes are KiB, as DRBD's tools print them;
 * states have DRBD's names; generation UUIDs are 16 upper-case hex digits.
 */

export type DiskRole = "Primary" | "Secondary" | "Unknown";

export type DiskState =
  | "Diskless"
  | "Attaching"
  | "Failed"
  | "Negotiating"
  | "Inconsistent"
  | "Outdated"
  | "DUnknown"
  | "Consistent"
  | "UpToDate";

/** As /proc/drbd's `cs:` has it: the connection's own state below Connected, the volume's from there on. */
export type DiskConnectionState =
  | "StandAlone"
  | "Disconnecting"
  | "Unconnected"
  | "Timeout"
  | "BrokenPipe"
  | "NetworkFailure"
  | "ProtocolError"
  | "TearDown"
  | "WFConnection"
  | "WFReportParams"
  | "Connected"
  | "StartingSyncS"
  | "StartingSyncT"
  | "WFBitMapS"
  | "WFBitMapT"
  | "WFSyncUUID"
  | "SyncSource"
  | "SyncTarget"
  | "VerifyS"
  | "VerifyT"
  | "PausedSyncS"
  | "PausedSyncT"
  | "Ahead"
  | "Behind";

export type DiskResourceStatus = {
  readonly name: string;
  /** Absent: a disk server of Holdfast's. */
  readonly engine?: "kernel";
  readonly role: "Primary" | "Secondary";
  readonly suspended: {
    readonly user: boolean;
    readonly noData: boolean;
    readonly fencing: boolean;
  };
  readonly writeOrdering: "barrier" | "flush" | "drain" | "none";
  /** Both nodes may be Primary: a guest is being moved. */
  readonly twoPrimariesWindow: boolean;
  readonly connection: {
    /** Never beyond WFReportParams but for Connected. */
    readonly state: DiskConnectionState;
    /** Empty when the configuration does not say. */
    readonly peerName: string;
    readonly peerRole: DiskRole;
    /** Absent while nothing is configured to connect to. */
    readonly protocol?: "A" | "B" | "C";
    readonly local: string;
    readonly remote: string;
    readonly congested: boolean;
  };
  /** The last changes of the role, oldest first; the first is what it was when this server began. */
  readonly roleChanges: readonly { readonly role: DiskRole; readonly msAgo: number }[];
  readonly volumes: readonly DiskVolumeStatus[];
};

export type DiskVolumeStatus = {
  readonly volume: number;
  readonly minor: number;
  /** /dev/drbd0: a block device only while one is attached. */
  readonly device: string;
  /** The path of the backing device; absent while Diskless. */
  readonly backingDisk?: string;
  readonly connectionState: DiskConnectionState;
  readonly disk: DiskState;
  readonly peerDisk: DiskState;
  readonly sizeKib: number;
  readonly isOpen: boolean;
  readonly resyncSuspended: {
    readonly user: boolean;
    readonly peer: boolean;
    readonly dependency: boolean;
  };
  readonly alSuspended: boolean;
  readonly counters: DiskCounters;
  readonly resync?: DiskResync;
  /** Absent while Diskless. */
  readonly generation?: DiskGeneration;
  /** What the last meeting with the peer decided, by the label of its rule; empty before the first. */
  readonly lastSyncDecision: string;
  /** Found when the two met, and not healed since. */
  readonly splitBrain?: DiskSplitBrain;
};

/** "self" is the node that tells, "peer" the other. */
export type DiskSplitBrain = {
  /** What decided at the meeting, as in the log. */
  readonly label: string;
  readonly foundMsAgo: number;
  /** Since the connection was lost; absent when this disk server has begun later. */
  readonly apartMs?: number;
  readonly peerCurrent: string;
  readonly selfChangedKib: number;
  readonly peerChangedKib: number;
  /** When the generations parted. */
  readonly selfWasPrimary: boolean;
  readonly peerWasPrimary: boolean;
  /** When the two met. */
  readonly selfPrimary: boolean;
  readonly peerPrimary: boolean;
};

/** /proc/drbd's second line, in its order and with its meanings. */
export type DiskCounters = {
  readonly sentKib: number;
  readonly receivedKib: number;
  readonly writtenKib: number;
  readonly readKib: number;
  readonly alWrites: number;
  readonly bitmapWrites: number;
  readonly localPending: number;
  readonly peerPending: number;
  readonly unacknowledged: number;
  readonly applicationPending: number;
  readonly epochs: number;
  readonly outOfSyncKib: number;
};

/** A resync or verify under way. Rates are KiB/s. */
export type DiskResync = {
  readonly totalKib: number;
  readonly leftKib: number;
  /** Since the start, pauses not counted, in ms. */
  readonly elapsedMs: number;
  readonly pausedMs: number;
  /** Over the last seconds, and since the start. */
  readonly rateKibPerS: number;
  readonly averageKibPerS: number;
  /** What the target asks for now; absent on the source. */
  readonly wantedKibPerS?: number;
  /** Nothing moved for a long time. */
  readonly stalled: boolean;
  /** What keeps it from going faster, in words; absent when nothing is known to. */
  readonly limit?: string;
  /** Of a verify: what it has found to differ so far. */
  readonly outOfSyncFoundKib?: number;
};

export type DiskGeneration = {
  readonly current: string;
  readonly bitmap: string;
  readonly history: readonly [string, string];
  readonly flags: {
    readonly consistent: boolean;
    readonly wasUpToDate: boolean;
    readonly primary: boolean;
    readonly connected: boolean;
    readonly fullSync: boolean;
    readonly peerOutDated: boolean;
    readonly crashedPrimary: boolean;
  };
};
