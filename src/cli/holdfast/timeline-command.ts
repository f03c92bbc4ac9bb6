/** `holdfast timeline`: what happened, with the time between. */
import { timelineEvent, timelineText } from "../../view/cluster/timeline-text.ts";
import { type ClusterCommand, usageError } from "../cluster/cluster-command.ts";
import { parseDuration } from "../cluster/duration.ts";
import { hasOption, optionValue } from "../getopt/getopt.ts";
import { localTimes } from "../terminal/time-texts.ts";

const name = "holdfast timeline";

export const timelineCommand: ClusterCommand = {
  name,
  summary: "Tells what happened on this node's watch, with the seconds between.",
  usage: ["[OPTION...]"],
  groups: [
    {
      title: "Options",
      rows: [
        { long: "since", argument: "TIME", help: "only the last 10min, 2h …" },
        {
          long: "json",
          help: "a JSON object a line; atMs is CLOCK_MONOTONIC, wallMs is since 1970",
        },
      ],
    },
  ],
  refused: [],
  examples: ["holdfast timeline", "holdfast timeline --since 10min", "holdfast timeline --json"],
  run: async (line, shell) => {
    const sinceMs = sinceOf(optionValue(line, "since"));
    const { notices } = await shell.cluster.ask("watch-notices");
    const nowMs = Date.now();
    const shown = notices.filter(({ atMs }) => sinceMs === undefined || atMs >= nowMs - sinceMs);
    if (hasOption(line, "json")) {
      for (const notice of shown) shell.out(`${JSON.stringify(timelineEvent(notice))}\n`);
    } else shell.out(timelineText(shown, localTimes(nowMs)));
    return 0;
  },
};

function sinceOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = parseDuration(text);
  if (ms !== undefined) return ms;
  throw usageError(`--since is a time such as 10min, not "${text}"`, name);
}
