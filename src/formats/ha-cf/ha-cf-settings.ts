/**
 * The times and the port that hold where ha.cf is silent, and those that hold in the end. Every value carries where
 * it comes from, so that it can be printed. Heartbeat's own defaults (1 s, 30 s, half of deadtime, deadtime or 12 s)
 * are from the days of serial lines; the rules between the times are Heartbeat's (config.c, init_config).
 */
import { type Diagnostic, type Parsed, parsed } from "../config-text/diagnostic.ts";
import type { Place, Placed } from "../config-text/place.ts";
import { newReport, type Report } from "../config-text/report.ts";
import type { HaCf } from "./ha-cf.ts";

export type HaCfDefault = {
  readonly directive: string;
  readonly value: number;
  readonly unit: "ms" | "port";
  /** Where the value comes from, as a clause. */
  readonly source: string;
};

/** What holds where the file is silent about all of them. */
export const haCfDefaults: readonly HaCfDefault[] = [
  {
    directive: "keepalive",
    value: 250,
    unit: "ms",
    source: "Holdfast's default; an eighth of a shorter deadtime",
  },
  {
    directive: "deadtime",
    value: 2000,
    unit: "ms",
    source: "Holdfast's default: a dead host is declared in about 2 s; never under 8 × keepalive",
  },
  {
    directive: "warntime",
    value: 1000,
    unit: "ms",
    source: "half of deadtime, as in Heartbeat",
  },
  {
    directive: "initdead",
    value: 10_000,
    unit: "ms",
    source: "Holdfast's default: the network may need that long after a boot; never under deadtime",
  },
  {
    directive: "udpport",
    value: 694,
    unit: "port",
    source: "Heartbeat's own port (IANA ha-cluster)",
  },
];

export type HaCfSetting = {
  readonly value: number;
  /** Where ha.cf sets it; absent for a default. */
  readonly place: Place | undefined;
  /** "ha.cf" or the default's source. */
  readonly source: string;
};

export type HaCfSettings = {
  readonly keepaliveMs: HaCfSetting;
  readonly deadtimeMs: HaCfSetting;
  readonly warntimeMs: HaCfSetting;
  readonly initdeadMs: HaCfSetting;
  readonly udpport: HaCfSetting;
};

/**
 * What holds: the file's values, completed. Times that contradict each other are errors (HF1017) where Heartbeat
 * refuses them, else warnings. A default gives way to what the file sets: `keepalive 2` alone makes deadtime 16 s,
 * `deadtime 500ms` alone keepalive 62 ms.
 */
export function haCfSettings(haCf: HaCf): Parsed<HaCfSettings> {
  const report = newReport();
  const keepaliveMs = keepaliveSetting(haCf);
  const deadtimeMs = setting("deadtime", haCf.deadtimeMs, 8 * keepaliveMs.value);
  const warntimeMs: HaCfSetting =
    haCf.warntimeMs === undefined
      ? { ...setting("warntime", undefined, 0), value: Math.floor(deadtimeMs.value / 2) }
      : setting("warntime", haCf.warntimeMs, 0);
  const initdeadMs = setting("initdead", haCf.initdeadMs, deadtimeMs.value);
  const udpport = setting("udpport", haCf.udpport, 0);
  const settings = { keepaliveMs, deadtimeMs, warntimeMs, initdeadMs, udpport };
  checkTimes(settings, { file: haCf.file, line: 1, column: 1 }, report);
  return parsed(settings, report.diagnostics);
}

/** What is printed at start: one line a setting. */
export function printHaCfSettings(settings: HaCfSettings): readonly string[] {
  const line = (directive: string, unit: string, { value, place, source }: HaCfSetting): string => {
    const from = place === undefined ? source : `${place.file}:${place.line}`;
    return `${directive} ${value}${unit} (${from})`;
  };
  return [
    line("keepalive", "ms", settings.keepaliveMs),
    line("deadtime", "ms", settings.deadtimeMs),
    line("warntime", "ms", settings.warntimeMs),
    line("initdead", "ms", settings.initdeadMs),
    line("udpport", "", settings.udpport),
  ];
}

function keepaliveSetting({ keepaliveMs, deadtimeMs }: HaCf): HaCfSetting {
  const preset = setting("keepalive", keepaliveMs, 0);
  if (keepaliveMs !== undefined || deadtimeMs === undefined) return preset;
  const eighth = Math.max(1, Math.floor(deadtimeMs.value / 8));
  return { ...preset, value: Math.min(preset.value, eighth) };
}

function setting(directive: string, set: Placed<number> | undefined, atLeast: number): HaCfSetting {
  if (set !== undefined) return { value: set.value, place: set.place, source: "ha.cf" };
  const row = haCfDefaults.find((each) => each.directive === directive);
  const value = Math.max(row?.value ?? 0, atLeast);
  return { value, place: undefined, source: row?.source ?? "" };
}

function checkTimes(settings: HaCfSettings, fallback: Place, report: Report): void {
  const { keepaliveMs, deadtimeMs, warntimeMs, initdeadMs } = settings;
  const rows: readonly (readonly [
    wrong: boolean,
    severity: Exclude<Diagnostic["severity"], "notice">,
    where: HaCfSetting,
    message: string,
    remedy: string,
  ])[] = [
    [
      deadtimeMs.value <= 2 * keepaliveMs.value,
      "error",
      deadtimeMs,
      `deadtime ${deadtimeMs.value}ms: expected more than twice keepalive (${keepaliveMs.value}ms)`,
      "One lost packet would be a death. Make deadtime at least four times keepalive.",
    ],
    [
      initdeadMs.value < deadtimeMs.value,
      "error",
      initdeadMs,
      `initdead ${initdeadMs.value}ms: expected no less than deadtime (${deadtimeMs.value}ms)`,
      "Make initdead at least deadtime, better 10 s or more.",
    ],
    [
      warntimeMs.value >= deadtimeMs.value,
      "warning",
      warntimeMs,
      `warntime ${warntimeMs.value}ms: a node is dead (deadtime ${deadtimeMs.value}ms) before it is late`,
      "Make warntime about half of deadtime.",
    ],
    [
      warntimeMs.value <= keepaliveMs.value,
      "warning",
      warntimeMs,
      `warntime ${warntimeMs.value}ms: every heartbeat (keepalive ${keepaliveMs.value}ms) is late`,
      "Make warntime about half of deadtime.",
    ],
  ];
  for (const [wrong, severity, where, message, remedy] of rows) {
    if (wrong) report[severity]("HF1017", { place: where.place ?? fallback, message, remedy });
  }
}
