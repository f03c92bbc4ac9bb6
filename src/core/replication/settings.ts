/**
 * The configuration of one DRBD resource, as drbd.conf names it, with units in the names, and DRBD 8.4's defaults.
 * Options that only concern the shell (addresses of sockets apart) are not here.
 */
export type ResourceSettings = {
  readonly name: string;
  /** This node's name, and the peer's: for `discard-node-NAME` and for notices. */
  readonly nodeName: string;
  readonly peerName: string;
  readonly local: SocketAddress;
  readonly remote: SocketAddress;
  readonly net: NetSettings;
  readonly volumes: readonly VolumeSettings[];
  /** The shell answers `ask-handler` (effects.ts); without it nobody is asked before a resync. */
  readonly asksBeforeResync?: boolean;
  /** No option of drbd.conf: the small volumes of a simulation have it happen there as well. */
  readonly progressSaving?: ProgressSaving;
};

/** How often a target of a resync makes safe what has come: after so many bytes, and flushed after so many writes. */
export type ProgressSaving = { readonly bytes: number; readonly writes: number };

/** As much as a page of the bitmap stands for; as many scattered blocks take a disk as long. */
export const defaultProgressSaving: ProgressSaving = { bytes: 128 * 1024 * 1024, writes: 1024 };

export type SocketAddress = { readonly address: string; readonly port: number };

export type VolumeSettings = {
  readonly volume: number;
  readonly minor: number;
  readonly disk: DiskSettings;
};

export type AfterSbPolicy =
  | "disconnect"
  | "discard-younger-primary"
  | "discard-older-primary"
  | "discard-zero-changes"
  | "discard-least-changes"
  | "discard-local"
  | "discard-remote"
  | "consensus"
  | "discard-secondary"
  | "call-pri-lost-after-sb"
  | "violently-as0p";

export type NetSettings = {
  readonly protocol: "A" | "B" | "C";
  readonly timeoutMs: number;
  readonly connectIntMs: number;
  readonly pingIntMs: number;
  readonly pingTimeoutMs: number;
  /** 0 = off. */
  readonly koCount: number;
  readonly maxEpochSize: number;
  /** Bytes of resync data in flight at most are half of this many 4 KiB pages. */
  readonly maxBuffers: number;
  readonly allowTwoPrimaries: boolean;
  /** What is done when too much is under way to the peer; other than "block" only in protocol A. */
  readonly onCongestion: "block" | "pull-ahead" | "disconnect";
  /** 0 = off. */
  readonly congestionFillBytes: number;
  readonly congestionExtents: number;
  readonly alwaysAsbp: boolean;
  readonly useRle: boolean;
  /** Empty = no authentication. */
  readonly cramHmacAlg: string;
  readonly sharedSecret: string;
  readonly dataIntegrityAlg: string;
  readonly verifyAlg: string;
  readonly csumsAlg: string;
  /** Compare only where a Primary has crashed: there much is marked by precaution. */
  readonly csumsAfterCrashOnly: boolean;
  readonly afterSb0pri: AfterSbPolicy;
  readonly afterSb1pri: AfterSbPolicy;
  readonly afterSb2pri: AfterSbPolicy;
  readonly rrConflict: "disconnect" | "violently" | "call-pri-lost";
};

export type FencingPolicy = "dont-care" | "resource-only" | "resource-and-stonith";

export type DiskSettings = {
  /** 0 = all there is. */
  readonly sizeBytes: number;
  readonly onIoError: "detach" | "pass_on" | "call-local-io-error";
  readonly fencing: FencingPolicy;
  /** KiB/s; undefined when the configuration does not say: then c-max-rate is the cap. */
  readonly resyncRateKiBs: number | undefined;
  readonly alExtents: number;
  /** 0.1 s. */
  readonly cPlanAheadTenths: number;
  readonly cDelayTargetTenths: number;
  readonly cFillTargetSectors: number;
  readonly cMaxRateKiBs: number;
  readonly cMinRateKiBs: number;
  readonly onNoDataAccessible: "io-error" | "suspend-io";
};

export const defaultNetSettings: NetSettings = {
  protocol: "C",
  timeoutMs: 6000,
  connectIntMs: 10_000,
  pingIntMs: 10_000,
  pingTimeoutMs: 500,
  koCount: 7,
  maxEpochSize: 2048,
  maxBuffers: 2048,
  allowTwoPrimaries: false,
  onCongestion: "block",
  congestionFillBytes: 0,
  congestionExtents: 1237,
  alwaysAsbp: false,
  useRle: true,
  cramHmacAlg: "",
  sharedSecret: "",
  dataIntegrityAlg: "",
  verifyAlg: "",
  csumsAlg: "",
  csumsAfterCrashOnly: false,
  afterSb0pri: "disconnect",
  afterSb1pri: "disconnect",
  afterSb2pri: "disconnect",
  rrConflict: "disconnect",
};

export const defaultDiskSettings: DiskSettings = {
  sizeBytes: 0,
  onIoError: "detach",
  fencing: "dont-care",
  resyncRateKiBs: undefined,
  alExtents: 1237,
  cPlanAheadTenths: 20,
  cDelayTargetTenths: 10,
  cFillTargetSectors: 100,
  cMaxRateKiBs: 102_400,
  cMinRateKiBs: 250,
  onNoDataAccessible: "io-error",
};

/** What drbd.conf's `resync-rate` is when it is not set; told to the peer in P_SYNC_PARAM89. */
export const resyncRateKiBsDefault = 250;
