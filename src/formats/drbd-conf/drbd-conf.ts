/**
 * drbd.conf as it is written: the tree of its sections, in the order of the files, with places. What it means for
 * one host is resolve-drbd-conf.ts's; its canonical text is dump-drbd-conf.ts's. The grammar is that of drbdadm 8.4,
 * which covers files of 8.0 and 8.3.
 */
import type { Place } from "../config-text/place.ts";
import type { Word } from "../config-text/word-lines.ts";

export type DrbdConf = {
  /** As the caller named it; the canonical text begins with it. */
  readonly file: string;
  readonly global: DrbdGlobal | undefined;
  readonly common: DrbdSections | undefined;
  readonly resources: readonly DrbdResourceSection[];
  /** What `skip holdfast { }` says, in the order of the file. */
  readonly engines: readonly DrbdEngineRule[];
};

/** Who runs a resource: a disk server of Holdfast's, or the kernel's DRBD. */
export type DrbdEngine = "holdfast" | "kernel";

/** Absent `resource` and `hosts`: all of them. */
export type DrbdEngineRule = {
  readonly engine: DrbdEngine;
  readonly resource?: Word;
  readonly hosts?: readonly Word[];
  readonly place: Place;
};

/** Settings of drbdadm itself. Times of commands are seconds. */
export type DrbdGlobal = {
  readonly place: Place;
  readonly usageCount: "yes" | "no" | "ask";
  readonly disableIpVerification: boolean;
  readonly udevAlwaysUseVnr: boolean;
  readonly minorCount?: number;
  readonly dialogRefresh?: number;
  readonly cmdTimeoutShort?: number;
  readonly cmdTimeoutMedium?: number;
  readonly cmdTimeoutLong?: number;
};

/** One option. Old names and forms are replaced by 8.4's: `rate` is resync-rate, `no-tcp-cork` tcp-cork no. */
export type DrbdOption = {
  readonly name: string;
  /** As written, without quotes; flags are "yes" or "no". */
  readonly value: string;
  readonly place: Place;
};

/** The option sections that `common` and a resource have. 8.0's `syncer` is spread over them. */
export type DrbdSections = {
  readonly place: Place;
  readonly net: readonly DrbdOption[];
  readonly disk: readonly DrbdOption[];
  readonly options: readonly DrbdOption[];
  readonly startup: readonly DrbdOption[];
  readonly handlers: readonly DrbdOption[];
  readonly becomePrimaryOn: readonly Word[];
  readonly stackedTimeouts: boolean;
  readonly proxy: DrbdProxyOptions | undefined;
};

export type DrbdResourceSection = DrbdSections & {
  readonly name: string;
  readonly namePlace: Place;
  readonly hosts: readonly DrbdHostSection[];
  /** What the resource states for all hosts. The hosts have it already, but for the disk options. */
  readonly volumes: readonly DrbdVolumeSection[];
};

export type DrbdHostSection = {
  readonly place: Place;
  /** `on NAMES`, `floating ADDRESS`, or `stacked-on-top-of RESOURCE`. */
  readonly kind: "on" | "floating" | "stacked";
  /** The names after `on`; of a stacked section the name of the resource below. */
  readonly names: readonly Word[];
  readonly address: DrbdAddress | undefined;
  readonly alternateAddress: DrbdAddress | undefined;
  readonly volumes: readonly DrbdVolumeSection[];
  readonly options: readonly DrbdOption[];
  readonly proxy: DrbdProxy | undefined;
};

export type DrbdAddress = {
  readonly family: "ipv4" | "ipv6" | "ssocks" | "sdp";
  readonly host: string;
  readonly port: number;
  readonly place: Place;
};

export type DrbdVolumeSection = {
  readonly place: Place;
  readonly number: number;
  /** Stated without `volume N { }`. */
  readonly implicit: boolean;
  /** With /dev/ in front; absent for `device minor N`. */
  readonly device: string | undefined;
  readonly minor: number | undefined;
  readonly disk: string | undefined;
  readonly metaDisk: DrbdMetaDisk | undefined;
  readonly options: readonly DrbdOption[];
};

export type DrbdMetaDisk =
  | { readonly kind: "internal" }
  /** A whole device. */
  | { readonly kind: "flexible"; readonly path: string }
  /** The slot of 128 MiB with this number. */
  | { readonly kind: "indexed"; readonly path: string; readonly index: number };

/** drbd-proxy is understood as far as the canonical text needs it. */
export type DrbdProxyOptions = {
  readonly options: readonly DrbdOption[];
  readonly plugins: readonly string[] | undefined;
};

export type DrbdProxy = {
  readonly names: readonly Word[];
  readonly inside: DrbdAddress | undefined;
  readonly outside: DrbdAddress | undefined;
  readonly settings: DrbdProxyOptions;
};
