/**
 * What happened when after the power cut, in seconds from it. The cluster's own words come from `holdfast timeline`
 * on the survivor; that a guest was powered on is seen on the machine itself, as the start of its process; that it
 * answers, by the client. All of them are told on the machine's monotonic clock, which all namespaces share.
 */
import { readFileSync } from "node:fs";
import { commandLineOf, processesIn, readProcessStat } from "../machine/process-identity.ts";
import type { TimelineMark } from "./screen.ts";

/** One line of `holdfast timeline --json`. */
export type TimelineEvent = {
  readonly atMs: number;
  readonly node: string;
  readonly code: string;
  readonly fields: Readonly<Record<string, unknown>>;
};

export type FailoverTimes = {
  readonly declared_dead_s: number | null;
  readonly promoted_s: number | null;
  readonly powered_on_s: number | null;
  readonly answers_s: number | null;
};

/** Lines that are no such object are left out: a later version may say more. */
export function parseTimeline(output: string): readonly TimelineEvent[] {
  return output
    .split("\n")
    .map((line) => parseLine(line))
    .filter((event) => event !== undefined);
}

export type Failover = {
  readonly lost: string;
  readonly survivor: string;
  readonly guest: string;
  readonly cutAtMs: number;
  /** When the guest's process on the survivor began, if there is one. */
  readonly poweredOnAtMs: number | undefined;
  readonly answersAtMs: number | undefined;
};

export function failoverTimes(
  { cutAtMs, poweredOnAtMs, answersAtMs }: Failover,
  events: readonly TimelineEvent[],
): FailoverTimes {
  const since = (atMs: number | undefined): number | null =>
    atMs === undefined ? null : Math.round(atMs - cutAtMs) / 1000;
  return {
    declared_dead_s: since(firstAfter(events, cutAtMs, ["peer-lost"])?.atMs),
    promoted_s: since(firstAfter(events, cutAtMs, ["promoted"])?.atMs),
    powered_on_s: since(poweredOnAtMs),
    answers_s: since(answersAtMs),
  };
}

/** The same as a page for people, with what was done about fencing. */
export function failoverMarks(
  failover: Failover,
  events: readonly TimelineEvent[],
): readonly TimelineMark[] {
  const { lost, survivor, guest, cutAtMs } = failover;
  const times = failoverTimes(failover, events);
  const fence = firstAfter(events, cutAtMs, ["fenced", "not-fenced"]);
  const fenceText =
    fence?.code === "fenced"
      ? `${lost} is fenced: its power is off`
      : `${lost} is not fenced${reasonOf(fence)}`;
  const mark = (atS: number | null, what: string): TimelineMark => ({
    atS: atS ?? undefined,
    what,
  });
  return [
    mark(0, `${lost} loses power`),
    mark(times.declared_dead_s, `${survivor} declares ${lost} dead`),
    mark(fence === undefined ? null : (fence.atMs - cutAtMs) / 1000, fenceText),
    mark(times.promoted_s, `${guest}'s disks are Primary on ${survivor}`),
    mark(times.powered_on_s, `${guest} is powered on`),
    mark(times.answers_s, `${guest} answers`),
  ];
}

/** When a guest's QEMU began on a host, in ms of the monotonic clock, to a hundredth of a second. */
export function guestStartedAtMs(pidNamespace: string, guest: string): number | undefined {
  const starts = processesIn("pid", pidNamespace)
    .filter((pid) => isGuest(commandLineOf(pid), guest))
    .map((pid) => readProcessStat(pid)?.startTicks)
    .filter((ticks) => ticks !== undefined);
  if (starts.length === 0) return undefined;
  // /proc counts from the machine's boot, suspended time included: the difference to the other clock is taken out.
  const sinceBootMs = Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]) * 1000;
  const clocksApartMs = sinceBootMs - Number(process.hrtime.bigint()) / 1e6;
  const ticksPerSecond = 100;
  return (Math.max(...starts) / ticksPerSecond) * 1000 - clocksApartMs;
}

function isGuest(commandLine: string, guest: string): boolean {
  const name = /qemu-system-\S* .*-name (?:guest=)?([^ ,]+)/.exec(commandLine)?.[1];
  return name === guest;
}

function firstAfter(
  events: readonly TimelineEvent[],
  atMs: number,
  codes: readonly string[],
): TimelineEvent | undefined {
  return events.find((event) => event.atMs >= atMs && codes.includes(event.code));
}

function reasonOf(event: TimelineEvent | undefined): string {
  const reason = event?.fields["reason"];
  return typeof reason === "string" ? `: ${reason}` : "";
}

function parseLine(line: string): TimelineEvent | undefined {
  try {
    const value = JSON.parse(line) as Partial<TimelineEvent> | null;
    if (typeof value?.atMs !== "number" || typeof value.code !== "string") return undefined;
    return {
      atMs: value.atMs,
      code: value.code,
      node: typeof value.node === "string" ? value.node : "",
      fields: typeof value.fields === "object" && value.fields !== null ? value.fields : {},
    };
  } catch {
    return undefined;
  }
}
