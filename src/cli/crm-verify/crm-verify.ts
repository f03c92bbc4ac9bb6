/** crm_verify: what is wrong in a configuration, and what it will do that its owner may not expect. */
import type { CibFinding, CibVerdict } from "../../api/cluster-cib.ts";
import { type ClusterCommand, usageError } from "../cluster/cluster-command.ts";
import { type CommandAnswer, usualFormats } from "../cluster/command-answer.ts";
import type { CommandShell } from "../cluster/command-shell.ts";
import { remarkText } from "../cluster/remarks.ts";
import { writeText } from "../cluster/text-file.ts";
import { withoutCluster } from "../cluster/without-cluster.ts";
import { xmlInput } from "../cluster/xml-input.ts";
import { type CommandLine, hasOption, optionValue } from "../getopt/getopt.ts";

const name = "crm_verify";
/** "Invalid configuration." */
const exitConfiguration = 78;

export const crmVerify: ClusterCommand = {
  name,
  summary: "Checks a configuration: errors, warnings, and what it leads to.",
  usage: ["--live-check", "--xml-file FILE"],
  groups: [
    {
      title: "Which CIB",
      rows: [
        { long: "live-check", short: "L", help: "the running cluster's" },
        { long: "xml-file", short: "x", argument: "FILE", help: "one in a file" },
        { long: "xml-text", short: "X", argument: "XML", help: "as it stands here" },
        { long: "xml-pipe", short: "p", help: "from standard input" },
      ],
    },
    {
      title: "More",
      rows: [
        { long: "save-xml", short: "S", argument: "FILE", help: "write what was checked into it" },
        { long: "quiet", short: "q", help: "only the exit status" },
      ],
    },
  ],
  refused: [],
  examples: ["crm_verify --live-check", "crm_verify --xml-file cib.xml"],
  formats: usualFormats,
  run,
};

async function run(line: CommandLine, shell: CommandShell, answer: CommandAnswer): Promise<number> {
  const given = xmlInput(line, shell);
  if (given === undefined && !hasOption(line, "live-check")) {
    throw usageError("which CIB is meant: --live-check, or --xml-file FILE", name);
  }
  const verdict =
    given === undefined
      ? await shell.cluster.ask("cib-verify", {})
      : await withoutCluster(shell, (client) => client.ask("cib-verify", given));
  const copy = optionValue(line, "save-xml");
  if (copy !== undefined) writeText(copy, given?.xml ?? (await wholeCib(shell)));
  const findings = verdict.findings.map(findingText);
  // Pacemaker's XML has no place for them but that of errors.
  if (answer.format === "xml") shell.error(findings.join("\n"));
  answer.give({
    text: () => (hasOption(line, "quiet") ? "" : verdictText(verdict)),
    xml: () => [],
    json: () => verdict,
  });
  return verdict.findings.some(({ severity }) => severity === "error") ? exitConfiguration : 0;
}

async function wholeCib(shell: CommandShell): Promise<string> {
  return (await shell.cluster.ask("cib-query", { at: { section: "all" } })).text;
}

function findingText({ severity, where, message }: CibFinding): string {
  return `${severity}: ${where === "" ? "" : `${where}: `}${message}`;
}

function verdictText({ findings, remarks }: CibVerdict): string {
  const lines = [
    ...findings.map(findingText),
    ...remarks.map((remark) => `note: ${remarkText(remark)}`),
  ];
  if (lines.length === 0) return "The configuration is valid.\n";
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const end = errors === 0 ? "The configuration is valid." : `Errors found: ${errors}.`;
  return [...lines, end].map((each) => `${each}\n`).join("");
}
