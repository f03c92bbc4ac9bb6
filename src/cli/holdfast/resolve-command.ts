/** `holdfast resolve`: what happened in a split brain, and a person's word about it. */
import type { SavedChanges } from "../../api/cluster-resolve.ts";
import type { DiskUndo } from "../../api/disk-protocol.ts";
import { guestRuns } from "../../view/cluster/guest-runs.ts";
import { isSplit, splitBrainText } from "../../view/drbd/split-brain-text.ts";
import { by } from "../cluster/by.ts";
import { type ClusterCommand, usageError } from "../cluster/cluster-command.ts";
import type { CommandShell } from "../cluster/command-shell.ts";
import { type CommandLine, hasOption, optionValue } from "../getopt/getopt.ts";
import { localTimes } from "../terminal/time-texts.ts";

const name = "holdfast resolve";

export const resolveCommand: ClusterCommand = {
  name,
  summary:
    "Tells about a DRBD resource's split brain, and ends it: one copy is kept, the other's changes are saved.",
  usage: ["RESOURCE", "RESOURCE --keep NODE", "RESOURCE --undo [--force]", "RESOURCE --forget"],
  groups: [
    {
      title: "Options",
      rows: [
        {
          long: "keep",
          short: "k",
          argument: "NODE",
          help: "whose copy stays; the other's changes are saved to a file",
        },
        { long: "undo", short: "u", help: "bring back what was overwritten last, on both nodes" },
        { long: "force", short: "f", help: "with --undo: overwrite also what was written since" },
        { long: "forget", help: "delete the files of saved changes, on both nodes" },
        { long: "json", help: "the answer as JSON" },
      ],
    },
  ],
  refused: [],
  examples: [
    "holdfast resolve host1_root",
    "holdfast resolve host1_root --keep xen1",
    "holdfast resolve host1_root --undo",
    "holdfast resolve host1_root --forget",
  ],
  run,
};

async function run(line: CommandLine, shell: CommandShell): Promise<number> {
  const [drbdResource, ...more] = line.operands;
  if (drbdResource === undefined || more.length > 0)
    throw usageError("one DRBD RESOURCE is needed", name);
  const keep = optionValue(line, "keep");
  const undo = hasOption(line, "undo");
  const forget = hasOption(line, "forget");
  if ([keep !== undefined, undo, forget].filter((asked) => asked).length > 1)
    throw usageError("only one of --keep, --undo and --forget can be asked for", name);
  if (hasOption(line, "force") && !undo) throw usageError("--force goes with --undo", name);
  if (keep === undefined && !undo && !forget) return await tell(drbdResource, line, shell);
  shell.cluster.onEvent((event, step) => {
    if (event === "resolve-step" && !hasOption(line, "json")) shell.out(`${step}\n`);
  });
  const { saved } = await act(drbdResource, line, shell);
  if (hasOption(line, "json")) shell.out(`${JSON.stringify({ saved })}\n`);
  else if (!forget) shell.out(savedText(drbdResource, saved));
  return 0;
}

async function act(
  drbdResource: string,
  line: CommandLine,
  shell: CommandShell,
): Promise<SavedChanges> {
  const asked = { drbdResource, by: by("holdfast", shell) };
  const keep = optionValue(line, "keep");
  if (keep !== undefined) return await shell.cluster.ask("resolve", { ...asked, keep });
  if (hasOption(line, "forget")) return await shell.cluster.ask("resolve-forget", asked);
  return await shell.cluster.ask("resolve-undo", { ...asked, force: hasOption(line, "force") });
}

/** @returns 0 when there is no split brain, else 1: for scripts. */
async function tell(drbdResource: string, line: CommandLine, shell: CommandShell): Promise<number> {
  const situation = await shell.cluster.ask("split-brain", { drbdResource });
  const exit = isSplit(situation) ? 1 : 0;
  const runs = guestRuns(await shell.cluster.ask("status"), drbdResource);
  if (hasOption(line, "json")) {
    shell.out(`${JSON.stringify({ ...situation, runs }, undefined, 2)}\n`);
    return exit;
  }
  shell.out(splitBrainText(situation, { runs, times: localTimes(situation.takenAtMs) }));
  return exit;
}

function savedText(drbdResource: string, saved: readonly DiskUndo[]): string {
  const files = saved.map(({ node, file }) => `  ${node}:${file}\n`).join("");
  return `What was overwritten is in\n${files}It comes back by holdfast resolve ${drbdResource} --undo\n`;
}
