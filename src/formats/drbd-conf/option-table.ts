/**
 * All options of DRBD 8.4 with their ranges, units and defaults (drbd_limits.h of 8.4 and of drbd-utils 9.22, which
 * agree but for resync-rate: the tool's smaller maximum holds). One table for the parser, the typed view and the
 * documentation.
 */
import type { DrbdUnit } from "./drbd-number.ts";
import {
  afterSb0priPolicies,
  afterSb1priPolicies,
  afterSb2priPolicies,
  fencingPolicies,
  onCongestionPolicies,
  onIoErrorPolicies,
  onNoDataPolicies,
  protocols,
  readBalancings,
  rrConflictPolicies,
} from "./option-words.ts";

export type OptionSection = "net" | "disk" | "options" | "startup" | "handlers" | "proxy";

export type NumberRow = {
  readonly kind: "number";
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly unit: DrbdUnit;
  /** drbdadm checks the range while it reads; of the others only drbdsetup does. */
  readonly checked: boolean;
  /** Out of range is no error: the kernel takes the nearest value. */
  readonly clamped: boolean;
};

export type OptionRow =
  | NumberRow
  | { readonly kind: "flag"; readonly default: boolean }
  /** The first word is the default. */
  | { readonly kind: "word"; readonly words: readonly string[] }
  | { readonly kind: "text" };

type Rows = ReadonlyMap<string, OptionRow>;

const yes: OptionRow = { kind: "flag", default: true };
const no: OptionRow = { kind: "flag", default: false };
const text: OptionRow = { kind: "text" };

export const optionTable: Readonly<Record<OptionSection, Rows>> = {
  net: new Map<string, OptionRow>([
    ["protocol", words(protocols)],
    ["timeout", number(60, 1, 600)],
    ["connect-int", number(10, 1, 120)],
    ["ping-int", number(10, 1, 120)],
    ["ping-timeout", unchecked(number(5, 1, 300))],
    ["ko-count", number(7, 0, 200)],
    ["max-buffers", number(2048, 32, 131_072)],
    ["max-epoch-size", number(2048, 1, 20_000)],
    ["unplug-watermark", unchecked(number(128, 1, 131_072))],
    ["sndbuf-size", number(0, 0, 10 << 20)],
    ["rcvbuf-size", number(0, 0, 10 << 20)],
    ["socket-check-timeout", unchecked(number(0, 0, 300))],
    ["allow-two-primaries", no],
    ["always-asbp", no],
    ["csums-after-crash-only", no],
    ["tcp-cork", yes],
    ["use-rle", yes],
    ["cram-hmac-alg", text],
    ["shared-secret", text],
    ["data-integrity-alg", text],
    ["verify-alg", text],
    ["csums-alg", text],
    ["after-sb-0pri", words(afterSb0priPolicies)],
    ["after-sb-1pri", words(afterSb1priPolicies)],
    ["after-sb-2pri", words(afterSb2priPolicies)],
    ["rr-conflict", words(rrConflictPolicies)],
    ["on-congestion", words(onCongestionPolicies)],
    ["congestion-fill", number(0, 0, 10 << 21, "s")],
    ["congestion-extents", number(1237, 67, 65_534)],
    // Of DRBD 9: see drbd9-words.ts.
    ["tls", no],
  ]),
  disk: new Map<string, OptionRow>([
    ["size", number(0, 0, 2 * 2 ** 40, "s")],
    ["on-io-error", words(onIoErrorPolicies)],
    ["fencing", words(fencingPolicies)],
    ["resync-rate", number(250, 1, 4 << 20, "k")],
    ["resync-after", text],
    ["al-extents", clamped(number(1237, 67, 65_534))],
    ["al-updates", yes],
    ["disk-barrier", no],
    ["disk-flushes", yes],
    ["disk-drain", yes],
    ["md-flushes", yes],
    ["discard-zeroes-if-aligned", yes],
    ["disable-write-same", no],
    ["use-bmbv", no],
    ["c-plan-ahead", number(20, 0, 300)],
    ["c-delay-target", number(10, 1, 100)],
    ["c-fill-target", number(100, 0, 1 << 20, "s")],
    ["c-max-rate", number(102_400, 250, 4 << 20, "k")],
    ["c-min-rate", number(250, 0, 4 << 20, "k")],
    ["disk-timeout", unchecked(number(0, 0, 6000))],
    ["read-balancing", words(readBalancings)],
    ["rs-discard-granularity", unchecked(number(0, 0, 1 << 20))],
    ["max-bio-bvecs", unchecked(number(0, 0, 128))],
  ]),
  options: new Map<string, OptionRow>([
    ["cpu-mask", text],
    ["on-no-data-accessible", words(onNoDataPolicies)],
  ]),
  startup: new Map<string, OptionRow>([
    ["wfc-timeout", number(0, 0, 300_000)],
    ["degr-wfc-timeout", number(0, 0, 300_000)],
    ["outdated-wfc-timeout", number(0, 0, 300_000)],
    ["wait-after-sb", no],
  ]),
  handlers: new Map(
    [
      "pri-on-incon-degr",
      "pri-lost-after-sb",
      "pri-lost",
      "initial-split-brain",
      "split-brain",
      "fence-peer",
      "unfence-peer",
      "local-io-error",
      "before-resync-target",
      "after-resync-target",
      "before-resync-source",
      "out-of-sync",
    ].map((name) => [name, text]),
  ),
  proxy: new Map(
    ["memlimit", "read-loops", "compression", "bwlimit"]
      .concat(["sndbuf-size", "rcvbuf-size", "ping-timeout"])
      .map((name) => [name, text]),
  ),
};

/** What 8.0 to 8.3 had in `syncer`, by the name used there, and where 8.4 has it. */
export const syncerOptions: ReadonlyMap<string, OptionSection> = new Map([
  ["rate", "disk"],
  ["after", "disk"],
  ["al-extents", "disk"],
  ["c-plan-ahead", "disk"],
  ["c-delay-target", "disk"],
  ["c-fill-target", "disk"],
  ["c-max-rate", "disk"],
  ["c-min-rate", "disk"],
  ["verify-alg", "net"],
  ["csums-alg", "net"],
  ["use-rle", "net"],
  ["cpu-mask", "options"],
  ["on-no-data-accessible", "options"],
]);

/** Old names, by section. */
export const renamedOptions: Readonly<Partial<Record<OptionSection, ReadonlyMap<string, string>>>> =
  {
    disk: new Map([
      ["rate", "resync-rate"],
      ["after", "resync-after"],
    ]),
    handlers: new Map([["outdate-peer", "fence-peer"]]),
  };

/** `no-` forms of flags, of the sections where 8.3 had them. */
export const negatedOptions: ReadonlyMap<string, OptionSection> = new Map([
  ["no-disk-barrier", "disk"],
  ["no-disk-flushes", "disk"],
  ["no-disk-drain", "disk"],
  ["no-md-flushes", "disk"],
  ["no-tcp-cork", "net"],
]);

/** Read with their value, and forgotten. */
export const forgottenOptions: ReadonlySet<string> = new Set([
  "delay-probe-volume",
  "delay-probe-interval",
  "throttle-threshold",
  "hold-off-threshold",
]);

function number(preset: number, min: number, max: number, unit: DrbdUnit = "1"): NumberRow {
  return { kind: "number", default: preset, min, max, unit, checked: true, clamped: false };
}

function unchecked(row: NumberRow): NumberRow {
  return { ...row, checked: false };
}

function clamped(row: NumberRow): NumberRow {
  return { ...row, checked: false, clamped: true };
}

function words(all: readonly string[]): OptionRow {
  return { kind: "word", words: all };
}

/** Whether an option of that name is a flag, in whatever section. */
export function isFlag(name: string): boolean {
  return Object.values(optionTable).some((rows) => rows.get(name)?.kind === "flag");
}
