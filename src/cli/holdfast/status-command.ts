/** `holdfast status`: the cluster on one screen, once or for as long as somebody watches. */
import type { ClusterSnapshot } from "../../api/cluster-snapshot.ts";
import { clusterProblems } from "../../view/cluster/status/cluster-problems.ts";
import { healthOf } from "../../view/cluster/status/health-line.ts";
import { statusPage } from "../../view/cluster/status/status-page.ts";
import { type ClusterCommand, usageError } from "../cluster/cluster-command.ts";
import type { CommandShell } from "../cluster/command-shell.ts";
import { type CommandLine, hasOption } from "../getopt/getopt.ts";
import { FullScreen } from "../terminal/full-screen.ts";
import { terminalPaint } from "../terminal/terminal-paint.ts";
import { localTimes } from "../terminal/time-texts.ts";

const name = "holdfast status";
/** Drawn anew at least so often: ages and a resync's progress are no changes. */
const redrawMs = 2000;

export const statusCommand: ClusterCommand = {
  name,
  summary: "Shows the cluster on one screen: how it is, what runs where, what to do.",
  usage: ["[OPTION...]"],
  groups: [
    {
      title: "Options",
      rows: [
        { long: "watch", short: "w", help: "drawn anew as things change; q ends it" },
        { long: "json", help: "all that is known, with the problems found, as JSON" },
      ],
    },
  ],
  refused: [],
  examples: ["holdfast status", "holdfast status --watch", "CIB_file=cib.xml holdfast status"],
  run,
};

async function run(line: CommandLine, shell: CommandShell): Promise<number> {
  if (line.operands.length > 0) throw usageError(`"${line.operands[0]}" is no option`, name);
  if (hasOption(line, "watch") && shell.isTerminal) return await watch(shell);
  const snapshot = await shell.cluster.ask("status");
  if (hasOption(line, "json")) {
    const problems = clusterProblems(snapshot);
    const { state, sentence } = healthOf(snapshot, problems);
    const facts = { health: state, sentence, problems, ...snapshot };
    shell.out(`${JSON.stringify(facts, undefined, 2)}\n`);
  } else shell.out(pageOf(snapshot, shell));
  return 0;
}

function pageOf(snapshot: ClusterSnapshot, shell: CommandShell): string {
  return statusPage(snapshot, {
    columns: shell.size().columns,
    paint: terminalPaint(shell),
    times: localTimes(snapshot.takenAtMs),
    notices: 5,
  });
}

async function watch(shell: CommandShell): Promise<number> {
  const screen = new FullScreen(shell);
  await shell.cluster.ask("watch-status");
  return await screen.run({
    intervalMs: redrawMs,
    draw: async () =>
      screen.draw(
        pageOf(await shell.cluster.ask("status"), shell),
        "q ends this, not the cluster.",
      ),
    subscribe: (changed, ended) => {
      shell.cluster.onEvent((event) => event === "changed" && changed());
      shell.cluster.onClose(ended);
    },
    onKey: (key) => (key === "q" || key === "\u0003" ? "end" : "draw"),
  });
}
