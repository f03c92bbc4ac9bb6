/** crm_mon on the whole screen: drawn anew whenever the cluster changes, and at least so often as --interval says. */

import type { CommandShell } from "../cluster/command-shell.ts";
import { type CommandLine, type GivenOption, hasOption } from "../getopt/getopt.ts";
import { FullScreen } from "../terminal/full-screen.ts";
import { intervalOf } from "./mon-interval.ts";
import { rendererOf } from "./mon-renderer.ts";

/** Keys that switch an option, as crm_mon has them. */
const switches: Readonly<Record<string, string>> = {
  r: "inactive",
  n: "group-by-node",
  b: "brief",
  f: "failcounts",
  o: "operations",
  t: "timing-details",
  A: "show-node-attributes",
  L: "neg-locations",
  c: "tickets",
  m: "fence-history",
  R: "show-detail",
  D: "hide-headers",
};

/** Without --interval. */
const intervalMsUsual = 15_000;

const help =
  "r inactive  n by node  b brief  f fail counts  o operations  t times  A attributes  L bans  R details  q end";

export async function watchMon(line: CommandLine, shell: CommandShell): Promise<number> {
  const intervalMs = intervalOf(line) ?? intervalMsUsual;
  const screen = new FullScreen(shell);
  let shown = line;
  let footer = `Drawn as things change, and every ${Math.round(intervalMs / 1000)} s. ? for keys, q to end.`;
  const draw = async (): Promise<void> => {
    const text = rendererOf(shown)(await shell.cluster.ask("status"));
    screen.draw(text, footer);
  };
  await shell.cluster.ask("watch-status");
  return await screen.run({
    intervalMs,
    draw,
    subscribe: (changed, ended) => {
      shell.cluster.onEvent((event) => event === "changed" && changed());
      shell.cluster.onClose(ended);
    },
    onKey: (key) => {
      if (key === "q" || key === "\u0003") return "end";
      if (key === "?") footer = help;
      const name = switches[key];
      if (name !== undefined) shown = switched(shown, name);
      return "draw";
    },
  });
}

function switched(line: CommandLine, name: string): CommandLine {
  const on: GivenOption = { long: name, value: undefined };
  const options = hasOption(line, name)
    ? line.options.filter(({ long }) => long !== name)
    : [...line.options, on];
  return { ...line, options };
}
