/** `holdfast why --transition N`: what was done in a transition and why, from what is kept of it. */
import { transitionList, transitionText } from "../../view/scheduler/transition-text.ts";
import { usageError } from "../cluster/cluster-command.ts";
import type { CommandShell } from "../cluster/command-shell.ts";
import { withoutCluster } from "../cluster/without-cluster.ts";
import { type CommandLine, hasOption } from "../getopt/getopt.ts";
import { localTimes } from "../terminal/time-texts.ts";
import { findTransition } from "./kept/find-transition.ts";
import { type KeptText, keptNumbers, keptOutcome } from "./kept/kept-transitions.ts";

export function transitionNumber(text: string, command: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw usageError(`--transition needs the number of a transition, not "${text}"`, command);
}

export async function tellTransition(
  number: number,
  line: CommandLine,
  shell: CommandShell,
): Promise<void> {
  const { input, idle, outcome } = await findTransition(number, shell);
  const { report, reasons, idleReasons } = await withoutCluster(shell, async (client) => {
    const decided = await client.ask("cib-simulate", asKept(input));
    const after = idle && (await client.ask("cib-simulate", asKept(idle)));
    return { ...decided, idleReasons: after?.reasons };
  });
  const told = {
    number,
    outcome,
    changes: report.changes,
    reasons,
    idle: idleReasons,
    file: input.file,
  };
  shell.out(
    hasOption(line, "json")
      ? `${JSON.stringify(told, undefined, 2)}\n`
      : transitionText(told, localTimes(Date.now())),
  );
}

export function tellTransitions(line: CommandLine, shell: CommandShell): void {
  const kept = keptNumbers().map((number) => ({ number, outcome: keptOutcome(number) }));
  shell.out(
    hasOption(line, "json")
      ? `${JSON.stringify(kept, undefined, 2)}\n`
      : transitionList(kept, localTimes(Date.now())),
  );
}

/** As it was given to the scheduler: neither checked nor brought up to date. */
export function asKept({ file, text }: KeptText): {
  readonly xml: string;
  readonly source: string;
  readonly asItIs: true;
} {
  return { xml: text, source: file, asItIs: true };
}
