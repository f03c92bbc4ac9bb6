/** What happened, as one reads it afterwards: moments with the time between them. */
import type { ClusterNotice } from "../../api/cluster-notice.ts";
import type { TimeTexts } from "./time-texts.ts";

/** One line of `holdfast timeline --json`: for programs that measure. */
export type TimelineEvent = {
  /** On the machine's monotonic clock, in ms. */
  readonly atMs: number;
  /** Wall time in ms since 1970. */
  readonly wallMs: number;
  readonly node: string;
  readonly level: ClusterNotice["level"];
  readonly code: string;
  readonly message: string;
  readonly fields: ClusterNotice["fields"];
};

export function timelineEvent(notice: ClusterNotice): TimelineEvent {
  const { monotonicMs, atMs, node, level, code, message, fields } = notice;
  return { atMs: monotonicMs, wallMs: atMs, node, level, code, message, fields };
}

/** After so long without any event, the next one begins an incident of its own. */
const pauseMs = 60_000;

/** Incidents with a blank line between them; in each, the time of its beginning, then seconds from there. */
export function timelineText(notices: readonly ClusterNotice[], times: TimeTexts): string {
  if (notices.length === 0) return "Nothing has happened since holdfastd was started here.\n";
  const width = Math.max(...notices.map(({ node }) => node.length));
  const lines: string[] = [];
  let start: ClusterNotice | undefined;
  let last: ClusterNotice | undefined;
  for (const notice of notices) {
    if (last === undefined || notice.monotonicMs - last.monotonicMs > pauseMs) {
      if (last !== undefined) lines.push("");
      lines.push(times.full(notice.atMs));
      start = notice;
    }
    const sinceS = (notice.monotonicMs - (start ?? notice).monotonicMs) / 1000;
    const at = `+${sinceS.toFixed(3)} s`.padStart(12);
    lines.push(`${at}  ${notice.node.padEnd(width)}  ${levelMark(notice)}${notice.message}`);
    last = notice;
  }
  return lines.map((line) => `${line}\n`).join("");
}

/** A notice as a line of a log. */
export function noticeLine(notice: ClusterNotice, times: TimeTexts): string {
  const code = /^HF\d{4}$/.test(notice.code) ? ` [${notice.code}]` : "";
  const at = times.short(notice.atMs);
  return `${at}  ${notice.node}  ${levelMark(notice)}${notice.message}${code}`;
}

function levelMark({ level }: ClusterNotice): string {
  return { info: "", warn: "warning: ", error: "ERROR: " }[level];
}
