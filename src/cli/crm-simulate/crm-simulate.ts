/** crm_simulate: what the cluster would do, about the running CIB or one in a file, and what would come of it. */
import type { SimulatedTransition } from "../../api/cluster-protocol.ts";
import { type ClusterCommand, usageError } from "../cluster/cluster-command.ts";
import { type CommandAnswer, usualFormats } from "../cluster/command-answer.ts";
import type { CommandShell } from "../cluster/command-shell.ts";
import { cibFileOf } from "../cluster/shadow-file.ts";
import { writeText } from "../cluster/text-file.ts";
import { withoutCluster } from "../cluster/without-cluster.ts";
import { type XmlInput, xmlInput } from "../cluster/xml-input.ts";
import { type CommandLine, hasOption, optionValue, optionValues } from "../getopt/getopt.ts";
import { profile } from "./profile.ts";
import { doesSimulate, showsMore, simulationText, simulationXml } from "./simulation-answer.ts";
import { suppositionRows, suppositionsOf } from "./suppositions.ts";

const name = "crm_simulate";

export const crmSimulate: ClusterCommand = {
  name,
  summary: "Shows what the cluster would do, and simulates it. Nothing is changed.",
  usage: ["--live-check [OPTION...]", "--xml-file FILE [OPTION...]"],
  groups: [
    {
      title: "Which CIB",
      rows: [
        { long: "live-check", short: "L", help: "the running cluster's" },
        { long: "xml-file", short: "x", argument: "FILE", help: "one in a file" },
        { long: "xml-pipe", short: "p", help: "from standard input" },
      ],
    },
    {
      title: "Operations",
      rows: [
        { long: "run", short: "R", help: "decide what is to be done" },
        { long: "simulate", short: "S", help: "simulate doing it, too" },
        {
          long: "in-place",
          short: "X",
          help: "as --simulate, and write the result into --xml-file",
        },
        { long: "show-scores", short: "s", help: "the scores by which places are chosen" },
        { long: "show-utilization", short: "U", help: "what room nodes have, and who takes it" },
        { long: "show-attrs", short: "A", help: "attributes of the nodes" },
        { long: "show-failcounts", short: "c", help: "fail counts and failures" },
        { long: "profile", short: "P", argument: "DIR", help: "time each CIB in the directory" },
        { long: "repeat", short: "N", argument: "N", help: "with --profile: each N times" },
      ],
    },
    {
      title: "Suppose first that",
      rows: suppositionRows,
    },
    {
      title: "Files to write",
      rows: [
        {
          long: "save-input",
          short: "I",
          argument: "FILE",
          help: "the CIB that was decided about",
        },
        { long: "save-output", short: "O", argument: "FILE", help: "the CIB as it would be" },
        { long: "save-graph", short: "G", argument: "FILE", help: "the transition as XML" },
        { long: "save-dotfile", short: "D", argument: "FILE", help: "the transition for Graphviz" },
        { long: "all-actions", short: "a", help: "with -D: also what is not done" },
      ],
    },
    {
      title: "More",
      rows: [{ long: "quiet", short: "Q", help: "only what was asked for" }],
    },
  ],
  refused: [],
  examples: [
    "crm_simulate -LS --node-fail xen1",
    "crm_simulate -x cib.xml -S -s",
    "crm_simulate -LS --op-inject host1_monitor_10000@xen1=7 --op-fail host1_stop_0@xen1=1",
  ],
  formats: usualFormats,
  run,
};

async function run(line: CommandLine, shell: CommandShell, answer: CommandAnswer): Promise<number> {
  const directory = optionValue(line, "profile");
  if (directory !== undefined) {
    await profile(directory, Number(optionValue(line, "repeat") ?? "1"), shell);
    return 0;
  }
  const given = await inputOf(line, shell);
  const date = optionValue(line, "set-datetime");
  const result = await withoutCluster(shell, (client) =>
    client.ask("cib-simulate", {
      ...given,
      ...(date === undefined ? {} : { date }),
      suppositions: suppositionsOf(line),
      failing: optionValues(line, "op-fail"),
      allActions: hasOption(line, "all-actions"),
      snapshots: answer.format === "xml" || showsMore(line),
    }),
  );
  saveFiles(line, given, result);
  answer.give({
    text: () => simulationText(line, result),
    xml: () => simulationXml(line, result),
    json: () => result,
  });
  if (doesSimulate(line) && result.report.outcome === "stuck") {
    shell.error("An invalid transition was produced: some actions wait for each other.\n");
    return 1;
  }
  return 0;
}

async function inputOf(line: CommandLine, shell: CommandShell): Promise<XmlInput> {
  const given = xmlInput(line, shell);
  if (given !== undefined) return given;
  if (!hasOption(line, "live-check") && cibFileOf(shell.environment) === undefined)
    throw usageError("which CIB is meant: --live-check, or --xml-file FILE", name);
  const { text } = await shell.cluster.ask("cib-query", { at: { section: "all" } });
  return { xml: text, source: "the running CIB" };
}

function saveFiles(line: CommandLine, given: XmlInput, result: SimulatedTransition): void {
  const { input, output, graph, dot } = result;
  const texts = { "save-input": input, "save-output": output, "save-graph": graph };
  for (const [option, text] of Object.entries({ ...texts, "save-dotfile": dot })) {
    const file = optionValue(line, option);
    if (file !== undefined) writeText(file, text);
  }
  if (!hasOption(line, "in-place")) return;
  if (optionValue(line, "xml-file") === undefined)
    throw usageError("--in-place needs --xml-file: nothing else is written to", name);
  writeText(given.source, output);
}
