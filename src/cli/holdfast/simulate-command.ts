/** `holdfast simulate`: what would happen if, in words; and many recorded CIBs at once. */
import { foresightText } from "../../view/scheduler/foresight-text.ts";
import { type ClusterCommand, usageError } from "../cluster/cluster-command.ts";
import { withoutCluster } from "../cluster/without-cluster.ts";
import { xmlInput } from "../cluster/xml-input.ts";
import { suppositionRows, suppositionsOf } from "../crm-simulate/suppositions.ts";
import { hasOption, optionValue, optionValues } from "../getopt/getopt.ts";
import { simulateBatch } from "./simulate-batch.ts";

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
    const given = xmlInput(line, shell) ?? {
      xml: (await shell.cluster.ask("cib-query", { at: { section: "all" } })).text,
      source: "the running CIB",
    };
    const date = optionValue(line, "set-datetime");
    const { report } = await withoutCluster(shell, (client) =>
      client.ask("cib-simulate", {
        ...given,
        ...(date === undefined ? {} : { date }),
        suppositions: suppositionsOf(line),
        failing: optionValues(line, "op-fail"),
      }),
    );
    const json = hasOption(line, "json");
    shell.out(json ? `${JSON.stringify(report, undefined, 2)}\n` : foresightText(report));
    return 0;
  },
};
