/** A transition as it is told afterwards: why the scheduler was asked, what it wanted and why, what was done. */
import { causeText, choiceText } from "../../decision/reason-words.ts";
import type { Reasons } from "../../decision/reasons.ts";
import type { Change, ResourceChange } from "../../decision/transition.ts";
import type { ActionOutcome, TransitionOutcome } from "../../decision/transition-outcome.ts";
import type { TimeTexts } from "../cluster/time-texts.ts";
import { downLines } from "./down-lines.ts";
import { changeLine } from "./foresight-text.ts";
import { stepText } from "./step-text.ts";

export type ToldTransition = {
  readonly number: number;
  /** Undefined where nobody lived to write it. */
  readonly outcome: TransitionOutcome | undefined;
  readonly changes: readonly Change[];
  readonly reasons: Reasons;
  /** When there was nothing more to do after it: why what is down stayed down. */
  readonly idle: Reasons | undefined;
  /** The file with what was decided about. */
  readonly file: string;
};

export function transitionText(told: ToldTransition, times: TimeTexts): string {
  const { changes, reasons, outcome, idle } = told;
  const wanted = changes.length === 0 ? ["  nothing that shows: bookkeeping"] : [];
  const down = downLines(reasons);
  const sections = [
    [headline(told, times)],
    ["It wanted:", ...wanted, ...changes.flatMap((each) => changeLines(each, reasons))],
    doneSection(outcome),
    down.length === 0 ? [] : ["It left down:", ...down.map(indented)],
    idleSection(idle),
    [`What it decided about: ${told.file}`],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

/** A line each, the newest last. */
export function transitionList(
  outcomes: readonly { readonly number: number; readonly outcome: TransitionOutcome | undefined }[],
  times: TimeTexts,
): string {
  if (outcomes.length === 0) return "No transition is kept on this node.\n";
  return outcomes
    .map(({ number, outcome }) => {
      if (outcome === undefined) return `${number}  how it ended is not known\n`;
      const { beganMs, state, reason } = outcome;
      return `${number}  ${times.full(beganMs)}  ${state}, because ${reason}\n`;
    })
    .join("");
}

function headline({ number, outcome }: ToldTransition, times: TimeTexts): string {
  if (outcome === undefined) {
    return `Transition ${number}: how it ended is not known, since the deciding daemon ended before it did.`;
  }
  const { dc, reason, beganMs } = outcome;
  return `Transition ${number}, decided by ${dc} on ${times.full(beganMs)}, because ${reason}`;
}

function changeLines(change: Change, reasons: Reasons): readonly string[] {
  const line = `  ${changeLine(change)}`;
  if (change.kind === "node") return [line];
  const why = whyOf(change, reasons);
  return why === undefined ? [line] : [line, `    ${why}`];
}

function whyOf({ resource, to }: ResourceChange, { resources }: Reasons): string | undefined {
  const reason = resources.find((each) => each.resource === resource);
  if (reason?.down !== undefined) return `why: ${causeText(reason.down)}`;
  if (reason?.choice === undefined || to === undefined) return undefined;
  return `why ${to}: ${choiceText[reason.choice]}`;
}

function doneSection(outcome: TransitionOutcome | undefined): readonly string[] {
  if (outcome === undefined) return [];
  const { state, abortedBecause, beganMs, endedMs, actions } = outcome;
  const done = actions.filter((each) => each.state === "done").length;
  const because = abortedBecause === undefined ? "" : ` because ${abortedBecause}`;
  const took = ((endedMs - beganMs) / 1000).toFixed(1);
  const title = `It ${endWords[state]}${because} after ${took} s, ${done} of ${actions.length} actions done:`;
  const lines = actions.flatMap(actionLine);
  return [title, ...(lines.length === 0 ? ["  only looked at what runs"] : lines)];
}

const endWords = { done: "was done", failed: "failed", aborted: "was broken off" } as const;

/** What went wrong is always told. */
function actionLine(action: ActionOutcome): readonly string[] {
  const { state, rc, tookMs, why } = action;
  const text = stepText(action);
  if (text === undefined && state !== "failed") return [];
  const name = text ?? `look whether ${action.resource} runs on ${action.node}`;
  if (state === "not-begun") return [`  ${name}: not begun`];
  const took = tookMs === undefined ? "" : ` in ${(tookMs / 1000).toFixed(1)} s`;
  if (state === "done") return [`  ${name}: done${took}`];
  const how = [...(rc === undefined ? [] : [`rc ${rc}`]), ...(why === undefined ? [] : [why])];
  return [`  ${name}: FAILED${took}${how.length === 0 ? "" : ` (${how.join(": ")})`}`];
}

function idleSection(idle: Reasons | undefined): readonly string[] {
  if (idle === undefined) return [];
  const down = downLines(idle);
  if (down.length === 0) return ["Then all that should run ran, and nothing was left to do."];
  return ["Then nothing could be done any more, and these stayed down:", ...down.map(indented)];
}

function indented(line: string): string {
  return `  ${line}`;
}
