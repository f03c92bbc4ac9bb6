/** `holdfast events`: what happened, and with --follow what happens, a line each. */
import type { ClusterNotice } from "../../api/cluster-notice.ts";
import { noticeLine } from "../../view/cluster/timeline-text.ts";
import { exitNotConnected } from "../cluster/cluster-client.ts";
import { type ClusterCommand, usageError } from "../cluster/cluster-command.ts";
import type { CommandShell } from "../cluster/command-shell.ts";
import { type CommandLine, hasOption, optionValue } from "../getopt/getopt.ts";
import { localTimes } from "../terminal/time-texts.ts";

const name = "holdfast events";
const levels: readonly string[] = ["info", "warn", "error"];

export const eventsCommand: ClusterCommand = {
  name,
  summary: "Prints what happened, and with --follow what happens, a line each.",
  usage: ["[OPTION...]"],
  groups: [
    {
      title: "Options",
      rows: [
        { long: "follow", short: "f", help: "go on until Ctrl-C, or until holdfastd ends" },
        { long: "last", short: "n", argument: "NUMBER", help: "begin with so many (20)" },
        { long: "level", argument: "LEVEL", help: "info, warn or error: this and worse" },
        { long: "json", help: "a JSON object a line" },
      ],
    },
  ],
  refused: [],
  examples: ["holdfast events", "holdfast events --follow --level warn"],
  run,
};

async function run(line: CommandLine, shell: CommandShell): Promise<number> {
  const print = printer(line, shell);
  const last = numberOf(optionValue(line, "last") ?? "20");
  if (!hasOption(line, "follow")) {
    for (const each of (await shell.cluster.ask("watch-notices", { last })).notices) print(each);
    return 0;
  }
  const ended = new Promise<number>((resolve) => {
    shell.cluster.onClose(() => resolve(exitNotConnected));
    process.once("SIGINT", () => resolve(0));
  });
  // Events that come before the reply's own lines are printed after them.
  const early: ClusterNotice[] = [];
  let take = (notice: ClusterNotice): void => void early.push(notice);
  shell.cluster.onEvent((event, data) => event === "notice" && take(data as ClusterNotice));
  for (const each of (await shell.cluster.ask("watch-notices", { last })).notices) print(each);
  for (const each of early) print(each);
  take = print;
  const exit = await ended;
  if (exit !== 0) shell.error("holdfastd has ended.\n");
  return exit;
}

function printer(line: CommandLine, shell: CommandShell): (notice: ClusterNotice) => void {
  const least = levelOf(optionValue(line, "level") ?? "info");
  const json = hasOption(line, "json");
  return (notice) => {
    if (levels.indexOf(notice.level) < least) return;
    const text = json ? JSON.stringify(notice) : noticeLine(notice, localTimes(Date.now()));
    shell.out(`${text}\n`);
  };
}

function levelOf(text: string): number {
  const at = levels.indexOf(text);
  if (at >= 0) return at;
  throw usageError(`--level is one of ${levels.join(", ")}, not "${text}"`, name);
}

function numberOf(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  throw usageError(`--last is a number, not "${text}"`, name);
}
