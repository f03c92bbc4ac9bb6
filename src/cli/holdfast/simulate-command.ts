/** `holdfast simulate`: what would happen if, in words; and many recorded CIBs at once. */
import { foresightText, replayText } from "../../view/scheduler/foresight-text.ts";
import { type ClusterCommand, usageError } from "../cluster/cluster-command.ts";
import type { CommandShell } from "../cluster/command-shell.ts";
import { withoutCluster } from "../cluster/without-cluster.ts";
import { type XmlInput, xmlInput } from "../cluster/xml-input.ts";
import { suppositionRows, suppositionsOf } from "../crm-simulate/suppositions.ts";
import { type CommandLine, hasOption, optionValue, optionValues } from "../getopt/getopt.ts";
import { compareReplay } from "./kept/compare-replay.ts";
import { keptTransition } from "./kept/kept-transitions.ts";
import { simulateBatch } from "./simulate-batch.ts";
import { asKept, transitionNumber } from "./why-transition.ts";

const name = "holdfast simulate";

export const simulateCommand: ClusterCommand = {
  name,
  summary:
    "Tells what would happen if a node failed, an operation did, or anything else. Nothing is changed.",
  usage: ["[OPTION...]", "--batch DIR [--tests FILE] --out DIR"],
  groups: [
    {
      title: "Which CIB (the running cluster's, if it is not said)",
      rows: [
        { long: "xml-file", short: "x", argument: "FILE", help: "one in a file" },
        { long: "xml-pipe", short: "p", help: "from standard input" },
        {
          long: "transition",
          argument: "NUMBER",
          help: "what was decided about in that transition, as this node keeps it",
        },
      ],
    },
    { title: "Suppose that", rows: suppositionRows },
    {
      title: "Many at once",
      rows: [
        { long: "batch", argument: "DIR", help: "every CIB in the directory (NAME.xml)" },
        {
          long: "tests",
          argument: "FILE",
          help: 'which of them, with crm_simulate\'s arguments: [{"name", "args"}]',
        },
        { long: "out", argument: "DIR", help: "writes exp/, summary/ and scores/ there" },
      ],
    },
    { title: "More", rows: [{ long: "json", help: "as JSON" }] },
  ],
  refused: [],
  examples: [
    "holdfast simulate --node-fail xen1",
    "holdfast simulate --node-fail xen1 --op-fail host1_start_0@xen2=1",
  ],
  run: async (line, shell) => {
    const directory = optionValue(line, "batch");
    if (directory !== undefined) {
      const out = optionValue(line, "out");
      if (out === undefined) throw usageError("--batch needs --out DIR", name);
      shell.out(await simulateBatch({ directory, out, tests: optionValue(line, "tests") }, shell));
      return 0;
    }
    const number = optionValue(line, "transition");
    const kept = number === undefined ? undefined : keptTransition(transitionNumber(number, name));
    const given = kept === undefined ? await inputOf(line, shell) : asKept(kept.input);
    const date = optionValue(line, "set-datetime");
    const { report } = await withoutCluster(shell, (client) =>
      client.ask("cib-simulate", {
        ...given,
        ...(date === undefined ? {} : { date }),
        suppositions: suppositionsOf(line),
        failing: optionValues(line, "op-fail"),
      }),
    );
    // With something supposed it is another transition.
    const isReplay =
      suppositionsOf(line).length === 0 && optionValues(line, "op-fail").length === 0;
    const replay =
      kept?.outcome === undefined || !isReplay
        ? undefined
        : compareReplay(kept.outcome.actions, report.steps);
    if (hasOption(line, "json")) {
      shell.out(`${JSON.stringify({ ...report, replay }, undefined, 2)}\n`);
    } else {
      shell.out(`${foresightText(report)}${replay === undefined ? "" : `\n${replayText(replay)}`}`);
    }
    return 0;
  },
};

async function inputOf(line: CommandLine, shell: CommandShell): Promise<XmlInput> {
  const { cluster } = shell;
  const given = xmlInput(line, shell);
  if (given !== undefined) return given;
  const { text } = await cluster.ask("cib-query", { at: { section: "all" } });
  return { xml: text, source: "the running CIB" };
}
