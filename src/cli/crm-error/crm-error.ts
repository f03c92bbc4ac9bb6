/** crm_error: what an exit status of the cluster's commands, or of a resource agent, means. */
import { exitText } from "../../view/scheduler/exit-text.ts";
import { type ClusterCommand, usageError } from "../cluster/cluster-command.ts";
import { type CommandAnswer, usualFormats } from "../cluster/command-answer.ts";
import { type CommandLine, hasOption } from "../getopt/getopt.ts";
import { exitNames } from "./exit-names.ts";

const name = "crm_error";

export const crmError: ClusterCommand = {
  name,
  summary: "Tells what an exit status of the cluster's commands means.",
  usage: ["[--name] STATUS...", "[--name] --list"],
  groups: [
    {
      title: "What to tell",
      rows: [
        { long: "list", short: "l", help: "all of them (so it is where no status is named)" },
        { long: "name", short: "n", help: "the name in Pacemaker's programs, too" },
        { long: "exit", short: "X", help: "taken for granted: all numbers here are exit statuses" },
      ],
    },
  ],
  refused: [
    {
      long: "rc",
      short: "r",
      help: "",
      reason: "those numbers are of Pacemaker's library; no command here prints them.",
    },
  ],
  examples: ["crm_error 105", "crm_error --exit --list"],
  formats: usualFormats,
  run: async (line, _shell, answer) => tell(line, answer),
};

function tell(line: CommandLine, answer: CommandAnswer): number {
  const isList = hasOption(line, "list") || line.operands.length === 0;
  const codes = isList ? [...exitNames.keys()] : line.operands.map(statusOf);
  const isNamed = hasOption(line, "name");
  const rows = codes.map((code) => ({
    code,
    ...(isNamed ? { name: exitNames.get(code) ?? "Unknown" } : {}),
    description: exitText(code),
  }));
  // In a list the texts begin in one column.
  const width = Math.max(...rows.map((row) => row.name?.length ?? 0));
  answer.give({
    text: () =>
      rows
        .map(({ code, name: named, description }) => {
          if (!isList) return `${named === undefined ? "" : `${named} - `}${description}\n`;
          const start = named === undefined ? "" : `${named.padEnd(width)}  `;
          return `${String(code).padStart(5)}: ${start}${description}\n`;
        })
        .join(""),
    xml: () => rows.map((attributes) => ({ name: "result-code", attributes })),
    json: () => rows,
  });
  return 0;
}

function statusOf(word: string): number {
  const status = Math.abs(Number(word));
  if (Number.isInteger(status)) return status;
  throw usageError(`"${word}" is no exit status`, name);
}
