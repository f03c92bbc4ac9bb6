/** crm_resource --digests: by which values the cluster notices that a resource's definition has changed. */
import type { ResourceDigests } from "../../api/cluster-protocol.ts";
import type { XmlText } from "../../view/cluster/xml-text.ts";
import { usageError } from "../cluster/cluster-command.ts";
import type { CommandAnswer } from "../cluster/command-answer.ts";
import type { CommandShell } from "../cluster/command-shell.ts";
import type { CommandLine } from "../getopt/getopt.ts";
import { command, neededResource, nodeOf } from "./resource-line.ts";

const kinds = {
  all: "all parameters",
  nonprivate: "non-private parameters",
  nonreloadable: "non-reloadable parameters",
} as const;

export async function tellDigests(asked: {
  readonly line: CommandLine;
  readonly shell: CommandShell;
  readonly answer: CommandAnswer;
}): Promise<number> {
  const { line, shell, answer } = asked;
  const resource = neededResource(line);
  const node = nodeOf(line);
  if (node === undefined) throw usageError("--digests needs --node NODE", command);
  const overrides = Object.fromEntries(line.operands.map(override));
  const found = await shell.cluster.ask("resource-digests", { resource, node, overrides });
  answer.give({
    text: () => found.digests.map(({ of, hash }) => `${hash} (${kinds[of]})\n`).join(""),
    xml: () => [digestsXml(found, resource, node)],
    json: () => ({ resource, node, ...found }),
  });
  return 0;
}

/** A parameter as it might be: NAME=VALUE. */
function override(word: string): [name: string, value: string] {
  const equals = word.indexOf("=");
  if (equals < 1) throw usageError(`"${word}" is not NAME=VALUE`, command);
  return [word.slice(0, equals), word.slice(equals + 1)];
}

function digestsXml(found: ResourceDigests, resource: string, node: string): XmlText {
  return {
    name: "digests",
    attributes: { resource, node, task: found.task, interval: `${found.intervalMs}ms` },
    children: found.digests.map(({ of, hash, parameters }) => ({
      name: "digest",
      attributes: { type: of, hash },
      children: [{ name: "parameters", attributes: parameters }],
    })),
  };
}
