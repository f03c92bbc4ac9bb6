/** `holdfast wait-idle`: for scripts that go on when the cluster has done what they asked. */
import { type ClusterCommand, usageError } from "../cluster/cluster-command.ts";
import { parseDuration } from "../cluster/duration.ts";
import { optionValue } from "../getopt/getopt.ts";

const name = "holdfast wait-idle";

export const waitIdleCommand: ClusterCommand = {
  name,
  summary: "Waits until the cluster has nothing to do.",
  usage: ["[--timeout TIME]"],
  groups: [
    {
      title: "Options",
      rows: [{ long: "timeout", short: "T", argument: "TIME", help: "at most: 30s, 5min" }],
    },
  ],
  refused: [],
  examples: ["holdfast wait-idle --timeout 2min && crm_mon -1"],
  run: async (line, shell) => {
    const text = optionValue(line, "timeout");
    const timeoutMs = text === undefined ? undefined : parseDuration(text);
    if (text !== undefined && timeoutMs === undefined) {
      throw usageError(`--timeout is a time such as 30s, not "${text}"`, name);
    }
    await shell.cluster.ask("wait-idle", timeoutMs === undefined ? {} : { timeoutMs });
    return 0;
  },
};
