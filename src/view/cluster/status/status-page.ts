/** `holdfast status`: what one looks at first, on one screen. */
import type { ClusterSnapshot } from "../../../api/cluster-snapshot.ts";
import type { TimeTexts } from "../time-texts.ts";
import { noticeLine } from "../timeline-text.ts";
import { clusterProblems } from "./cluster-problems.ts";
import { diskRows } from "./disk-rows.ts";
import { evidenceLines, fencingState } from "./fencing-problems.ts";
import { guestRows } from "./guest-rows.ts";
import { healthOf } from "./health-line.ts";
import { nodeRows } from "./node-rows.ts";
import type { Paint } from "./paint.ts";
import type { Problem } from "./problem.ts";
import { type Cell, tableLines, wrapped } from "./table-lines.ts";

export type PageOptions = {
  readonly columns: number;
  readonly paint: Paint;
  readonly times: TimeTexts;
  /** How many of the last notices. */
  readonly notices: number;
};

export function statusPage(snapshot: ClusterSnapshot, options: PageOptions): string {
  const problems = clusterProblems(snapshot);
  const { paint, times } = options;
  const { guests, others } = guestRows(snapshot, times);
  const lines = [
    ...headLines(snapshot, problems, options),
    ...section("Nodes", tableLines(nodeRows(snapshot), paint), paint),
    ...section("Guests", tableLines(guests, paint), paint),
    ...section("Other resources", tableLines(others, paint), paint),
    ...section(`Disks${ofNode(snapshot)}`, diskLines(snapshot, paint), paint),
    ...section("Fencing", fencingLines(snapshot, options), paint),
    ...section("Attention", attentionLines(problems, options), paint),
    ...section("Last events", noticeLines(snapshot, options), paint),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function headLines(
  snapshot: ClusterSnapshot,
  problems: readonly Problem[],
  { columns, paint, times }: PageOptions,
): readonly string[] {
  const health = healthOf(snapshot, problems);
  const word = health.state.toUpperCase();
  const [first = "", ...more] = wrapped(health.sentence, `${word}  `, columns);
  const { live, summary, takenAtMs } = snapshot;
  const seen = live === undefined ? "a CIB in a file" : `seen from ${live.node}`;
  const at = `${summary.clusterName === undefined ? "" : `${summary.clusterName}, `}${seen}, ${times.full(takenAtMs)}`;
  return [
    paint(word, health.tone) + first.slice(word.length),
    ...more,
    paint(workLine(snapshot) === "" ? at : `${at}; ${workLine(snapshot)}`, "dim"),
  ];
}

/** What is being done. */
function workLine({ live }: ClusterSnapshot): string {
  if (live?.transition.running !== true) return "";
  const { actionsDone, actionsTotal } = live.transition;
  return `${actionsDone} of ${actionsTotal} actions done`;
}

function section(title: string, lines: readonly string[], paint: Paint): readonly string[] {
  return lines.length === 0 ? [] : ["", paint(title, "strong"), ...lines];
}

function ofNode({ live }: ClusterSnapshot): string {
  return live === undefined ? "" : ` on ${live.node} (here/there)`;
}

function diskLines({ live }: ClusterSnapshot, paint: Paint): readonly string[] {
  const { rows, well } = diskRows(live?.disks ?? []);
  const table = tableLines(
    rows.map(({ cells }) => cells),
    paint,
  );
  const lines = table.flatMap((line, at) => {
    const progress = rows[at]?.progress;
    return progress === undefined ? [line] : [line, `      ${progress}`];
  });
  if (well === 0) return lines;
  const others = rows.length === 0 ? `all ${well} disks` : `${well} more`;
  return [...lines, `  ${others}: two good copies, connected (drbdadm status)`];
}

function fencingLines(snapshot: ClusterSnapshot, options: PageOptions): readonly string[] {
  const { paint, times } = options;
  const state: Cell = fencingState(snapshot);
  const evidence = evidenceLines(snapshot.live?.fencing.evidence ?? [], times);
  return [...tableLines([[state]], paint), ...evidence.map((line) => `  ${line}`)];
}

const marks = { trouble: "!!", degraded: "! ", working: "~ ", note: "- " } as const;
const markTones = { trouble: "bad", degraded: "warn", working: "warn", note: "dim" } as const;

function attentionLines(problems: readonly Problem[], options: PageOptions): readonly string[] {
  const { columns, paint } = options;
  return problems.flatMap(({ severity, text, remedy }) => {
    const [first = "", ...more] = wrapped(text, `  ${marks[severity]} `, columns);
    const mark = first.slice(0, 4);
    const head = paint(mark, markTones[severity]) + first.slice(4);
    // A command is to be copied: it is never broken into lines.
    return remedy === "" ? [head, ...more] : [head, ...more, `       → ${remedy}`];
  });
}

function noticeLines({ live }: ClusterSnapshot, options: PageOptions): readonly string[] {
  const { columns, times, notices, paint } = options;
  if (live === undefined || notices === 0) return [];
  return live.notices.slice(-notices).map((notice) => {
    const line = `  ${noticeLine(notice, times)}`;
    const cut = line.length > columns ? `${line.slice(0, columns - 1)}…` : line;
    return notice.level === "info" ? cut : paint(cut, notice.level === "warn" ? "warn" : "bad");
  });
}
