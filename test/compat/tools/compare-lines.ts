/**
 * Command lines of the field's tools, each on a CIB in a file: Debian's tool and ours must print the same, end with the
 * same status and leave the same CIB. What is said on standard error is each tool's own: that something is said where a
 * command fails is asked of both.
 */
import { attrdUpdater } from "../../../src/cli/attrd-updater/attrd-updater.ts";
import { cibadmin } from "../../../src/cli/cibadmin/cibadmin.ts";
import type { ClusterCommand } from "../../../src/cli/cluster/cluster-command.ts";
import { crmAttribute } from "../../../src/cli/crm-attribute/crm-attribute.ts";
import { crmDiff } from "../../../src/cli/crm-diff/crm-diff.ts";
import { crmFailcount } from "../../../src/cli/crm-failcount/crm-failcount.ts";
import { crmNode } from "../../../src/cli/crm-node/crm-node.ts";
import { crmResource } from "../../../src/cli/crm-resource/crm-resource.ts";
import { crmSimulate } from "../../../src/cli/crm-simulate/crm-simulate.ts";
import { crmStandby } from "../../../src/cli/crm-standby/crm-standby.ts";
import { crmVerify } from "../../../src/cli/crm-verify/crm-verify.ts";
import { crmadmin } from "../../../src/cli/crmadmin/crmadmin.ts";
import { stonithAdmin } from "../../../src/cli/stonith-admin/stonith-admin.ts";
import { runOnFile } from "../../cluster/file-commands.ts";
import type { CibFile } from "../cib-oracle.ts";
import { cluster } from "./cluster.ts";

const commands: readonly ClusterCommand[] = [
  attrdUpdater,
  cibadmin,
  crmAttribute,
  crmDiff,
  crmFailcount,
  crmNode,
  crmResource,
  crmSimulate,
  crmStandby,
  crmVerify,
  crmadmin,
  stonithAdmin,
];

export type Outcome = {
  readonly exit: number;
  readonly output: string;
  /** The CIB in the file afterwards. */
  readonly left: string;
};

export type LineResult = {
  readonly line: string;
  readonly theirs: Outcome;
  readonly ours: Outcome;
  /** What ours says on standard error. */
  readonly errors: string;
};

/** @param line the words as a shell has them: between single quotes, spaces are part of a word. */
export async function compareLine(line: string, file: CibFile): Promise<LineResult> {
  const [tool = "", ...words] = wordsOf(line);
  const command = commands.find(({ name }) => name === tool);
  if (command === undefined) throw new Error(`there is no command ${tool}`);
  file.write(cluster);
  const asked = file.run(tool, ...words);
  const theirs = { exit: asked.exit, output: asked.output, left: file.read() };
  file.write(cluster);
  const ran = await runOnFile(file.path, command, words);
  const ours = { exit: ran.exit, output: ran.out, left: file.read() };
  return { line, theirs: comparable(theirs), ours: comparable(ours), errors: ran.err };
}

export function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/(?:'[^']*'|[^\s'])+/g)].map(([word]) => word.replaceAll("'", ""));
}

/** Without what is each tool's own: the words of an error, and the moment of the run. */
function comparable({ exit, output, left }: Outcome): Outcome {
  return {
    exit,
    output: output.replaceAll(/<errors>.*?<\/errors>/gs, "<errors/>"),
    left: left.replaceAll(/last-granted="(?!1240000000)\d+"/g, 'last-granted="NOW"'),
  };
}
