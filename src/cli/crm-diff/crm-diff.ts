/** crm_diff: two CIBs compared, or one patched. */
import type { XmlText } from "../../api/cluster-protocol.ts";
import { type ClusterCommand, usageError } from "../cluster/cluster-command.ts";
import type { CommandShell } from "../cluster/command-shell.ts";
import { withoutCluster } from "../cluster/without-cluster.ts";
import { readXml } from "../cluster/xml-input.ts";
import { type CommandLine, hasOption, optionValue } from "../getopt/getopt.ts";

const name = "crm_diff";

export const crmDiff: ClusterCommand = {
  name,
  summary: "Compares two configurations, or applies such a difference as a patch.",
  usage: ["--original FILE --new FILE [OPTION...]", "--original FILE --patch FILE"],
  groups: [
    {
      title: "What is compared",
      rows: [
        { long: "original", short: "o", argument: "FILE", help: "XML in a file" },
        { long: "original-string", short: "O", argument: "XML", help: "as it stands here" },
      ],
    },
    {
      title: "With what",
      rows: [
        { long: "new", short: "n", argument: "FILE", help: "XML in a file" },
        { long: "new-string", short: "N", argument: "XML", help: "as it stands here" },
        { long: "patch", short: "p", argument: "FILE", help: "a patch, to be applied" },
        { long: "stdin", short: "s", help: "the new XML, or the patch, is on standard input" },
      ],
    },
    {
      title: "More",
      rows: [
        { long: "cib", short: "c", help: "as CIBs: the patch has a digest of the result" },
        { long: "no-version", short: "u", help: "a patch without versions, which fits more CIBs" },
      ],
    },
  ],
  refused: [],
  examples: [
    "cibadmin --query > old.xml",
    "crm_diff --original old.xml --new new.xml > change.xml",
    "cibadmin --patch --xml-file change.xml",
  ],
  run,
};

async function run(line: CommandLine, shell: CommandShell): Promise<number> {
  const original = textOf(line, "original", "original-string");
  if (original === undefined) throw usageError("--original FILE is needed", name);
  if (hasOption(line, "cib") && hasOption(line, "no-version"))
    throw usageError("--cib and --no-version do not go together", name);
  const input = hasOption(line, "stdin")
    ? { xml: shell.readInput(), source: "standard input" }
    : undefined;
  const patch = hasOption(line, "patch") ? (input ?? textOf(line, "patch")) : undefined;
  if (patch !== undefined) {
    const { text } = await withoutCluster(shell, (client) =>
      client.ask("cib-patched", { original, patch }),
    );
    shell.out(text);
    return 0;
  }
  const other = textOf(line, "new", "new-string") ?? input;
  if (other === undefined) throw usageError("--new FILE or --patch FILE is needed", name);
  const { text } = await withoutCluster(shell, (client) =>
    client.ask("cib-diff", {
      ...{ original, other },
      versions: !hasOption(line, "no-version"),
      digest: hasOption(line, "cib"),
    }),
  );
  shell.out(text);
  return text === "" ? 0 : 1;
}

function textOf(line: CommandLine, file: string, text?: string): XmlText | undefined {
  const given = text === undefined ? undefined : optionValue(line, text);
  if (given !== undefined) return { xml: given, source: `--${text}` };
  const path = optionValue(line, file);
  return path === undefined ? undefined : { xml: readXml(path), source: path };
}
