/** The command lines whose texts are compared with Debian's on every recorded input, and how the outcome is judged. */
import type { ClusterCommand } from "../../src/cli/cluster/cluster-command.ts";
import { crmMon } from "../../src/cli/crm-mon/crm-mon.ts";
import { crmSimulate } from "../../src/cli/crm-simulate/crm-simulate.ts";
import { type Difference, differences, type Swept } from "./tool-sweep.ts";
import { whyElsewhere } from "./version-drift.ts";

export type TextRow = { readonly command: ClusterCommand; readonly words: readonly string[] };

export const monRows: readonly TextRow[] = [
  ["-1"],
  ["-1", "-r", "-f", "-t", "-A", "-L", "-c"],
  ["-1", "-r", "-R", "-o"],
  ["-1", "-n", "-r"],
  ["-1", "-n", "-b"],
  ["-1", "-b", "-r"],
  ["-1", "-D", "--include=bans,tickets"],
  ["--output-as=xml"],
  ["--output-as=xml", "-n", "--exclude=operations"],
].map((words) => ({ command: crmMon, words }));

export const simulateRows: readonly TextRow[] = [
  ["-x", "FILE"],
  ["-x", "FILE", "-S"],
  ["-x", "FILE", "-S", "-A", "-c"],
  ["-x", "FILE", "-S", "--output-as=xml"],
  ["-x", "FILE", "-R", "-U", "-Q"],
  ["-x", "FILE", "-S", "-u", "newnode"],
].map((words) => ({ command: crmSimulate, words }));

export type JudgedRow = Swept & {
  readonly unexplained: readonly Difference[];
  readonly explained: readonly (readonly [name: string, why: string])[];
};

export type Sample = { readonly every: number; readonly from: number };

/**
 * @param isDrift of crm_simulate: whether our decision about an input is the newer version's.
 */
export async function judgeRow(
  { command, words }: TextRow,
  sample: Sample,
  isDrift: (name: string) => boolean = () => false,
): Promise<JudgedRow> {
  const swept = await differences({ command, words, ...sample });
  const unexplained: Difference[] = [];
  const explained: (readonly [string, string])[] = [];
  for (const each of swept.differing) {
    const why =
      whyElsewhere(each.name, words) ??
      (command === crmSimulate && isDrift(each.name)
        ? "2.1 decides otherwise; ours is what 3.0 was recorded to do"
        : undefined);
    if (why === undefined) unexplained.push(each);
    else explained.push([each.name, why]);
  }
  return { ...swept, unexplained, explained };
}
