/** crm_resource about agents: which are installed on this node, and what one says of itself. */
import type { AgentNamesQuery, AgentSpec } from "../../api/cluster-agents.ts";
import { UserError } from "../../api/user-error.ts";
import type { XmlText } from "../../view/cluster/xml-text.ts";
import type { CommandAnswer } from "../cluster/command-answer.ts";
import type { CommandShell } from "../cluster/command-shell.ts";
import { withoutCluster } from "../cluster/without-cluster.ts";
import { type CommandLine, type OptionRow, optionValue } from "../getopt/getopt.ts";

const exitError = 1;
const exitNoSuch = 105;

export const agentQueries: readonly OptionRow[] = [
  { long: "list-standards", help: "the standards to which agents conform" },
  { long: "list-ocf-providers", help: "the providers of OCF agents" },
  {
    long: "list-agents",
    argument: "STD[:PROV]",
    help: "the agents of a standard, and provider, such as ocf:heartbeat",
  },
  { long: "list-ocf-alternatives", argument: "AGENT", help: "the providers of that OCF agent" },
  { long: "show-metadata", argument: "SPEC", help: "the metadata of an agent (ocf:heartbeat:Xen)" },
];

type Asked = {
  readonly line: CommandLine;
  readonly shell: CommandShell;
  readonly answer: CommandAnswer;
};

export async function tellAgents(query: string, asked: Asked): Promise<number> {
  const value = optionValue(asked.line, query) ?? "";
  switch (query) {
    case "list-standards":
      return await tellNames({ of: "standards" }, asked, (names) => ({
        ...{ name: "list", attributes: { name: "standards", count: names.length } },
        children: elements("item", names),
      }));
    case "list-ocf-providers":
      return await tellNames({ of: "providers" }, asked, (names) => ({
        ...{ name: "providers", attributes: { standard: "ocf" } },
        children: elements("provider", names),
      }));
    case "list-ocf-alternatives":
      return await tellNames({ of: "providers", type: value }, asked, (names) => ({
        ...{ name: "providers", attributes: { for: value } },
        children: elements("provider", names),
      }));
    case "list-agents": {
      const [standard = "", provider] = value.split(":");
      const given = provider === undefined ? {} : { provider };
      return await tellNames({ of: "agents", class: standard, ...given }, asked, (names) => ({
        ...{ name: "agents", attributes: { standard, ...given } },
        children: elements("agent", names),
      }));
    }
    default:
      return await tellMetadata(value, asked);
  }
}

async function tellNames(
  query: AgentNamesQuery,
  { shell, answer }: Asked,
  xml: (names: readonly string[]) => XmlText,
): Promise<number> {
  const { names } = await withoutCluster(shell, (client) => client.ask("agent-names", query));
  if (names.length === 0) throw noneFound(query);
  answer.give({
    text: () => names.map((name) => `${name}\n`).join(""),
    xml: () => [xml(names)],
    json: () => names,
  });
  return 0;
}

function elements(name: string, texts: readonly string[]): readonly XmlText[] {
  return texts.map((text) => ({ name, attributes: {}, text }));
}

function noneFound(query: AgentNamesQuery): UserError {
  if (query.of !== "agents") {
    const what = query.of === "providers" && query.type !== undefined ? ` of ${query.type}` : "";
    return new UserError("HF4000", `there are no providers${what} on this node`, {
      exit: exitNoSuch,
      remedy: "Install the package that has the agent: resource-agents, for most.",
    });
  }
  const of = query.provider === undefined ? query.class : `${query.class}:${query.provider}`;
  return new UserError("HF4000", `there are no agents of ${of} on this node`, {
    exit: exitError,
    remedy: "crm_resource --list-standards and --list-ocf-providers tell what there is.",
  });
}

async function tellMetadata(spec: string, { shell, answer }: Asked): Promise<number> {
  const agent = agentSpec(spec);
  if (agent === undefined) {
    throw new UserError("HF4000", `"${spec}" does not name an agent`, {
      exit: exitNoSuch,
      remedy: "Write it as ocf:heartbeat:Xen, or stonith:fence_ipmilan.",
    });
  }
  const { text } = await withoutCluster(shell, (client) => client.ask("agent-metadata", { agent }));
  if (text === null) {
    throw new UserError("HF4000", `${spec} is not installed here, or has no metadata`, {
      exit: exitNoSuch,
      remedy: "crm_resource --list-agents tells which there are.",
    });
  }
  answer.give({
    text: () => (text.endsWith("\n") ? text : `${text}\n`),
    xml: () => [{ name: "metadata", attributes: {}, literal: text }],
    json: () => ({ agent, metadata: text }),
  });
  return 0;
}

/** Undefined where a part is missing. */
function agentSpec(spec: string): AgentSpec | undefined {
  const parts = spec.split(":");
  const isOcf = parts[0] === "ocf";
  if (parts.length !== (isOcf ? 3 : 2) || parts.includes("")) return undefined;
  const [agentClass = "", provider = "", type = ""] = isOcf ? parts : [parts[0], "", parts[1]];
  return { class: agentClass, provider, type };
}
