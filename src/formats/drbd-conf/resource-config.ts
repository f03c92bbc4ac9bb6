/**
 * What drbd.conf means for one host: its resources with every option as a typed value, defaults filled in. Beside
 * the values, `set` lists what the file sets itself, in the order and spelling in which drbdadm hands it on.
 */
import type { Place } from "../config-text/place.ts";
import type { DrbdAddress, DrbdEngine, DrbdMetaDisk } from "./drbd-conf.ts";
import type {
  DrbdAfterSb0pri,
  DrbdAfterSb1pri,
  DrbdAfterSb2pri,
  DrbdFencing,
  DrbdOnCongestion,
  DrbdOnIoError,
  DrbdOnNoData,
  DrbdProtocol,
  DrbdReadBalancing,
  DrbdRrConflict,
} from "./option-words.ts";

export type DrbdResourceConfig = {
  readonly name: string;
  readonly place: Place;
  /** Who runs it on this host. */
  readonly engine: DrbdEngine;
  readonly local: DrbdHostConfig;
  /** Undefined when the file does not say which host it is (HF1066): there is nobody to connect to. */
  readonly peer: DrbdHostConfig | undefined;
  readonly net: DrbdNetConfig;
  readonly options: DrbdOptionsConfig;
  readonly startup: DrbdStartupConfig;
  /** Commands by the handler's name, as written. */
  readonly handlers: Readonly<Record<string, string>>;
  /** In the order of their numbers; at least one. */
  readonly volumes: readonly DrbdVolumeConfig[];
  readonly set: {
    readonly net: readonly DrbdSetOption[];
    readonly options: readonly DrbdSetOption[];
    readonly startup: readonly DrbdSetOption[];
    readonly handlers: readonly DrbdSetOption[];
  };
};

export type DrbdHostConfig = {
  /** This host's own name for `local`; the first name of the section for the peer, its address if it has none. */
  readonly name: string;
  readonly names: readonly string[];
  readonly address: DrbdAddress;
};

export type DrbdVolumeConfig = {
  readonly place: Place;
  readonly number: number;
  /** Stated without `volume N { }`: commands then leave the number out. */
  readonly implicit: boolean;
  readonly minor: number;
  /** /dev/drbdN, or the name the file gives. */
  readonly device: string;
  /** The backing device or file. */
  readonly disk: string;
  readonly metaDisk: DrbdMetaDisk;
  readonly options: DrbdDiskConfig;
  readonly set: readonly DrbdSetOption[];
};

/** An option that the file sets, for `--NAME=VALUE`. */
export type DrbdSetOption = {
  readonly name: string;
  readonly value: string;
  /** Where it is set: in the volume, the resource or `common`. */
  readonly place: Place;
};

/** Times are ms here, tenths of seconds or seconds in the file. */
export type DrbdNetConfig = {
  readonly protocol: DrbdProtocol;
  readonly timeoutMs: number;
  readonly connectIntMs: number;
  readonly pingIntMs: number;
  readonly pingTimeoutMs: number;
  /** 0: off. */
  readonly koCount: number;
  readonly maxBuffersPages: number;
  readonly maxEpochSize: number;
  readonly unplugWatermark: number;
  /** 0: as the system likes. */
  readonly sndbufSizeBytes: number;
  readonly rcvbufSizeBytes: number;
  /** 0: as pingTimeoutMs. */
  readonly socketCheckTimeoutMs: number;
  readonly allowTwoPrimaries: boolean;
  readonly alwaysAsbp: boolean;
  readonly csumsAfterCrashOnly: boolean;
  readonly tcpCork: boolean;
  readonly useRle: boolean;
  /** Algorithms are empty when not set. */
  readonly cramHmacAlg: string;
  readonly sharedSecret: string;
  readonly dataIntegrityAlg: string;
  readonly verifyAlg: string;
  readonly csumsAlg: string;
  readonly afterSb0pri: DrbdAfterSb0pri;
  readonly afterSb1pri: DrbdAfterSb1pri;
  readonly afterSb2pri: DrbdAfterSb2pri;
  readonly rrConflict: DrbdRrConflict;
  readonly onCongestion: DrbdOnCongestion;
  /** 0: off. */
  readonly congestionFillSectors: number;
  readonly congestionExtents: number;
  /** TLS 1.3 with certificates of the cluster, on every connection to the peer. */
  readonly tls: boolean;
};

export type DrbdDiskConfig = {
  /** 0: all of the disk. */
  readonly sizeSectors: number;
  readonly onIoError: DrbdOnIoError;
  readonly fencing: DrbdFencing;
  /** 8.0's `rate`. Whether the file sets it is seen in the volume's `set`. */
  readonly resyncRateKibPerS: number;
  readonly resyncAfter: DrbdResyncAfter | undefined;
  readonly alExtents: number;
  readonly alUpdates: boolean;
  readonly diskBarrier: boolean;
  readonly diskFlushes: boolean;
  readonly diskDrain: boolean;
  readonly mdFlushes: boolean;
  readonly discardZeroesIfAligned: boolean;
  readonly disableWriteSame: boolean;
  readonly cPlanAheadMs: number;
  readonly cDelayTargetMs: number;
  readonly cFillTargetSectors: number;
  readonly cMaxRateKibPerS: number;
  readonly cMinRateKibPerS: number;
  /** 0: off. */
  readonly diskTimeoutMs: number;
  readonly readBalancing: DrbdReadBalancing;
  readonly rsDiscardGranularityBytes: number;
};

/** The volume whose resync comes first. */
export type DrbdResyncAfter = {
  readonly resource: string;
  readonly volume: number;
  readonly minor: number;
};

export type DrbdOptionsConfig = {
  readonly cpuMask: string;
  readonly onNoDataAccessible: DrbdOnNoData;
};

/** Times in seconds; 0 is for ever. */
export type DrbdStartupConfig = {
  readonly wfcTimeoutS: number;
  readonly degrWfcTimeoutS: number;
  readonly outdatedWfcTimeoutS: number;
  readonly waitAfterSb: boolean;
  /** Host names, or "both". */
  readonly becomePrimaryOn: readonly string[];
};
