/** `holdfast simulate`: what would happen if, in words; and many recorded CIBs at once. */
import type { Supposition } from "../../decision/transition.ts";
import { foresightText, replayText } from "../../view/scheduler/foresight-text.ts";
import { type ClusterCommand, usageError } from "../cluster/cluster-command.ts";
import type { CommandShell } from "../cluster/command-shell.ts";
import { cibFileOf } from "../cluster/shadow-file.ts";
import { withoutCluster } from "../cluster/without-cluster.ts";
import { type XmlInput, xmlInput } from "../cluster/xml-input.ts";
import { suppositionRows, suppositionsOf } from "../crm-simulate/suppositions.ts";
import {
  type CommandLine,
  hasOption,
  type OptionRow,
  optionValue,
  optionValues,
} from "../getopt/getopt.ts";
import { compareReplay } from "./kept/compare-replay.ts";
import { findTransition } from "./kept/find-transition.ts";
import { simulateBatch } from "./simulate-batch.ts";
import { asKept, transitionNumber } from "./why-transition.ts";

const name = "holdfast simulate";

const diskRows: readonly OptionRow[] = [
  {
    long: "disk-not-ready",
    argument: "RESOURCE@NODE",
    help: "the resource's disks would not let it start there",
  },
  { long: "disk-ready", argument: "RESOURCE@NODE", help: "they would" },
];

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
    { title: "Suppose that (each as often as wanted)", rows: [...suppositionRows, ...diskRows] },
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
    "holdfast simulate --node-fail xen1 --disk-not-ready host1@xen2",
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
    const kept =
      number === undefined
        ? undefined
        : await findTransition(transitionNumber(number, name), shell);
    const given = kept === undefined ? await inputOf(line, shell) : asKept(kept.input);
    const date = optionValue(line, "set-datetime");
    const suppositions = [...suppositionsOf(line), ...diskSuppositions(line)];
    const { report, reasons } = await withoutCluster(shell, (client) =>
      client.ask("cib-simulate", {
        ...given,
        ...(date === undefined ? {} : { date }),
        suppositions,
        failing: optionValues(line, "op-fail"),
      }),
    );
    // With something supposed it is another transition.
    const isReplay = suppositions.length === 0 && optionValues(line, "op-fail").length === 0;
    const replay =
      kept?.outcome === undefined || !isReplay
        ? undefined
        : compareReplay(kept.outcome.actions, report.steps);
    if (hasOption(line, "json")) {
      shell.out(`${JSON.stringify({ ...report, reasons, replay }, undefined, 2)}\n`);
    } else {
      shell.out(
        `${foresightText(report, reasons)}${replay === undefined ? "" : `\n${replayText(replay)}`}`,
      );
    }
    return 0;
  },
};

/** Of the running cluster what its scheduler would be given: with the disks that are not ready. */
async function inputOf(line: CommandLine, shell: CommandShell): Promise<XmlInput> {
  const given = xmlInput(line, shell);
  if (given !== undefined) return given;
  if (cibFileOf(shell.environment) !== undefined) {
    const { text } = await shell.cluster.ask("cib-query", { at: { section: "all" } });
    return { xml: text, source: "the CIB in the file" };
  }
  const { text, isWhole, dc } = await shell.cluster.ask("scheduler-input");
  if (!isWhole) {
    const where = dc === null ? "no node decides now" : `${dc} decides: ask there`;
    shell.error(`All disks are taken as ready, since this node does not know them; ${where}.\n`);
  }
  return { xml: text, source: "what the scheduler is given" };
}

function diskSuppositions(line: CommandLine): readonly Supposition[] {
  const of = (option: string, ready: boolean): readonly Supposition[] =>
    optionValues(line, option).map((text) => {
      const [, resource, node] = /^(.+)@([^@]+)$/.exec(text) ?? [];
      if (resource === undefined || node === undefined) {
        throw usageError(`--${option} needs RESOURCE@NODE, not "${text}"`, name);
      }
      return { kind: "disk", ready, resource, node };
    });
  return [...of("disk-ready", true), ...of("disk-not-ready", false)];
}
