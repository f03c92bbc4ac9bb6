/** crm_resource past the cluster: an agent's action run on this node by hand, and how it ended. */
import type { AgentRun, AgentRunParams, AgentSpec } from "../../api/cluster-agents.ts";
import type { XmlText } from "../../view/cluster/xml-text.ts";
import { exitText } from "../../view/scheduler/exit-text.ts";
import { usageError } from "../cluster/cluster-command.ts";
import type { CommandAnswer } from "../cluster/command-answer.ts";
import type { CommandShell } from "../cluster/command-shell.ts";
import { withoutCluster } from "../cluster/without-cluster.ts";
import {
  type CommandLine,
  hasOption,
  type OptionRow,
  optionValue,
  optionValues,
} from "../getopt/getopt.ts";
import { command, neededResource, timeoutOf } from "./resource-line.ts";

export const agentRuns: readonly OptionRow[] = [
  {
    ...{ long: "validate", argument: "LEVEL", optional: "next" },
    help: "have the agent look at the configuration: of --resource, or of --class … --option",
  },
  { long: "force-start", help: "start it on this node, past the cluster" },
  { long: "force-stop", help: "stop it on this node, past the cluster" },
  { long: "force-promote", help: "promote it on this node, past the cluster" },
  { long: "force-demote", help: "demote it on this node, past the cluster" },
  {
    ...{ long: "force-check", argument: "LEVEL", optional: "next" },
    help: "how it is on this node, asked of the agent itself",
  },
];

export const agentRunRows: readonly OptionRow[] = [
  { long: "class", argument: "STD", help: "with --validate: the standard of the agent (ocf)" },
  { long: "provider", argument: "PROV", help: "with --validate: its provider" },
  { long: "agent", argument: "AGENT", help: "with --validate: its name" },
  {
    long: "option",
    argument: "NAME=VALUE",
    help: "with --validate: a parameter (may be repeated)",
  },
];

const actions: Readonly<Record<string, AgentRunParams["action"]>> = {
  validate: "validate-all",
  "force-start": "start",
  "force-stop": "stop",
  "force-promote": "promote",
  "force-demote": "demote",
  "force-check": "monitor",
};

export async function runAgent(
  what: string,
  asked: {
    readonly line: CommandLine;
    readonly shell: CommandShell;
    readonly answer: CommandAnswer;
  },
): Promise<number> {
  const { line, shell, answer } = asked;
  const level = optionValue(line, what);
  const target = what === "validate" ? validated(line) : { resource: neededResource(line) };
  if (target.agent !== undefined) await requireInstalled(target.agent, shell);
  const request: AgentRunParams = {
    ...target,
    ...timeoutOf(line),
    ...(level === undefined ? {} : { level }),
    action: actions[what] ?? "monitor",
    force: hasOption(line, "force"),
  };
  const run =
    target.agent === undefined
      ? await shell.cluster.ask("run-agent", request)
      : await withoutCluster(shell, (client) => client.ask("run-agent", request));
  const resource = target.resource;
  if (run.notRun) {
    shell.error(`${operation(what, resource, run)} could not be run: ${run.reason}\n`);
    return run.rc;
  }
  answer.give({
    text: () => runText(what, resource, run),
    xml: () => [runXml(what, resource, run)],
    json: () => ({ resource, action: what, ...run }),
  });
  if (run.rc !== 0) shell.error(`${command}: ${exitText(run.rc)}\n`);
  return run.rc;
}

type Target = Pick<AgentRunParams, "resource" | "agent" | "values">;

function validated(line: CommandLine): Target {
  const given = ["class", "agent", "provider"].filter((each) => hasOption(line, each));
  const resource = optionValue(line, "resource");
  if (resource !== undefined && given.length > 0)
    throw usageError(`--resource does not go with --${given[0]}`, command);
  if (given.length === 0) return { resource: neededResource(line) };
  const values = optionValues(line, "option").map((option): [string, string] => {
    const equals = option.indexOf("=");
    if (equals < 1) throw usageError(`--option is NAME=VALUE, not "${option}"`, command);
    return [option.slice(0, equals), option.slice(equals + 1)];
  });
  const [agentClass = "", provider = "", type = ""] = ["class", "provider", "agent"].map((each) =>
    optionValue(line, each),
  );
  return { agent: { class: agentClass, provider, type }, values: Object.fromEntries(values) };
}

/** @throws UserError HF4600 */
async function requireInstalled(agent: AgentSpec, shell: CommandShell): Promise<void> {
  const { class: agentClass, provider } = agent;
  const given = provider === "" ? {} : { provider };
  const isWhole = agentClass !== "ocf" || provider !== "";
  const query = { of: "agents", class: agentClass, ...given } as const;
  const { names } = await withoutCluster(shell, (client) => client.ask("agent-names", query));
  if (isWhole && names.includes(agent.type)) return;
  throw usageError(`there is no agent ${specText(agent)} on this node`, command);
}

function operation(what: string, resource: string | undefined, { agent }: AgentRun): string {
  const of = resource === undefined ? "" : ` for ${resource}`;
  return `Operation ${what}${of} (${specText(agent)})`;
}

function specText({ class: agentClass, provider, type }: AgentSpec): string {
  return [agentClass, ...(provider === "" ? [] : [provider]), type].join(":");
}

/** What the program said is of interest where it failed. */
function runText(what: string, resource: string | undefined, run: AgentRun): string {
  const { rc, reason, stdout, stderr } = run;
  const because = saidReason(run) ? `: ${reason}` : "";
  const start = `${operation(what, resource, run)} returned ${rc} (${exitText(rc)}${because})\n`;
  if (rc === 0) return start;
  return start + [stdout, stderr].map((text) => (text === "" ? "" : `${text}\n`)).join("");
}

/** Agents give reasons on purpose; the last thing that one said is none. */
function saidReason({ rc, reason, stderr }: AgentRun): boolean {
  return (
    rc !== 0 && reason !== "" && (stderr === "" || stderr.includes(`ocf-exit-reason:${reason}`))
  );
}

function runXml(what: string, resource: string | undefined, run: AgentRun): XmlText {
  const { agent, rc, reason, stdout, stderr } = run;
  const outputs = Object.entries({ stdout, stderr }).filter(([, text]) => text !== "");
  const said: XmlText = {
    name: "command",
    attributes: { code: rc },
    children: outputs.map(([source, text]) => ({ name: "output", attributes: { source }, text })),
  };
  const status: XmlText = {
    name: "agent-status",
    attributes: {
      ...{ code: rc, message: exitText(rc), execution_code: 0, execution_message: "complete" },
      reason: saidReason(run) ? reason : undefined,
    },
  };
  return {
    name: "resource-agent-action",
    attributes: {
      ...{ action: what, class: agent.class, type: agent.type, rsc: resource },
      provider: agent.provider === "" ? undefined : agent.provider,
    },
    children: [
      { name: "overrides", attributes: {} },
      status,
      ...(rc !== 0 && outputs.length > 0 ? [said] : []),
    ],
  };
}
