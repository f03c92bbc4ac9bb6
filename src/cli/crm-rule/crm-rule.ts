/** crm_rule: whether a rule that hangs on a date has taken effect, or is over. */
import type { CheckedRule } from "../../api/cluster-protocol.ts";
import { type ClusterCommand, usageError } from "../cluster/cluster-command.ts";
import { type CommandAnswer, usualFormats } from "../cluster/command-answer.ts";
import type { CommandShell } from "../cluster/command-shell.ts";
import { withoutCluster } from "../cluster/without-cluster.ts";
import type { XmlInput } from "../cluster/xml-input.ts";
import { type CommandLine, hasOption, optionValue, optionValues } from "../getopt/getopt.ts";

const name = "crm_rule";

export const crmRule: ClusterCommand = {
  name,
  summary: "Tells whether a rule with a date is in effect, not yet, or no longer.",
  usage: ["--check --rule ID [OPTION...]"],
  groups: [
    { title: "What to do", rows: [{ long: "check", short: "c", help: "look at the rules" }] },
    {
      title: "Of what",
      rows: [
        { long: "rule", short: "r", argument: "ID", help: "the rule (may be repeated)" },
        { long: "date", short: "d", argument: "TIME", help: "as if it were then (ISO 8601)" },
        {
          long: "xml-text",
          short: "X",
          argument: "XML",
          help: "in this configuration, not the cluster's; - for standard input",
        },
      ],
    },
  ],
  refused: [],
  examples: [
    "crm_rule --check --rule at-night",
    "crm_rule -c -r at-night -d '2026-12-24 18:00:00Z'",
  ],
  formats: usualFormats,
  run,
};

type Row = CheckedRule & { readonly id: string };

async function run(line: CommandLine, shell: CommandShell, answer: CommandAnswer): Promise<number> {
  if (!hasOption(line, "check")) throw usageError("nothing to do is given: --check", name);
  const ids = optionValues(line, "rule");
  if (ids.length === 0) throw usageError("which rule is meant: --rule ID", name);
  const rows: Row[] = [];
  for (const id of ids) rows.push({ id, ...(await checked(id, line, shell)) });
  const problems = rows.filter(({ effect }) => ["missing", "invalid", "unclear"].includes(effect));
  shell.error(problems.map(problemText).join(""));
  answer.give({
    text: () =>
      rows
        .filter((row) => !problems.includes(row))
        .map(rowText)
        .join(""),
    xml: () =>
      rows.map((row) => ({
        name: "rule-check",
        attributes: { "rule-id": row.id, rc: exitOf(row) },
      })),
    json: () => rows,
  });
  return rows.map(exitOf).findLast((exit) => exit !== 0) ?? 0;
}

async function checked(rule: string, line: CommandLine, shell: CommandShell): Promise<CheckedRule> {
  const date = optionValue(line, "date");
  const xml = given(line, shell);
  const asked = { rule, ...(date === undefined ? {} : { date }), ...xml };
  if (xml === undefined) return await shell.cluster.ask("check-rule", asked);
  return await withoutCluster(shell, (client) => client.ask("check-rule", asked));
}

function given(line: CommandLine, shell: CommandShell): XmlInput | undefined {
  const xml = optionValue(line, "xml-text");
  if (xml === undefined) return undefined;
  return xml === "-"
    ? { xml: shell.readInput(), source: "standard input" }
    : { xml, source: "--xml-text" };
}

function exitOf({ effect }: CheckedRule): number {
  switch (effect) {
    case "within":
      return 0;
    case "before":
      return 111;
    case "after":
      return 110;
    case "missing":
      return 105;
    case "invalid":
      return 112;
    case "unclear":
      return 3;
  }
}

function rowText({ id, effect, recurs }: Row): string {
  if (effect === "before") return `Rule ${id} has not yet taken effect\n`;
  if (effect === "after") return `Rule ${id} is expired\n`;
  return recurs === true ? `Rule ${id} satisfies conditions\n` : `Rule ${id} is still in effect\n`;
}

function problemText({ id, why }: Row): string {
  const clause = why ?? "there is no such rule";
  return `${name}: whether rule ${id} is in effect cannot be told: ${clause} [HF4612]\n`;
}
