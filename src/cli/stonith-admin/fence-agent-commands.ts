/** stonith_admin about fence agents on this node, without the cluster: which there are, what they say, whether they would work. */
import type { AgentRun } from "../../api/cluster-agents.ts";
import { UserError } from "../../api/user-error.ts";
import { listXml } from "../../view/cluster/result-xml.ts";
import type { XmlText } from "../../view/cluster/xml-text.ts";
import { usageError } from "../cluster/cluster-command.ts";
import type { CommandAnswer } from "../cluster/command-answer.ts";
import type { CommandShell } from "../cluster/command-shell.ts";
import { withoutCluster } from "../cluster/without-cluster.ts";
import { type CommandLine, hasOption, optionValue, optionValues } from "../getopt/getopt.ts";
import { devicesText } from "./device-list.ts";

const name = "stonith_admin";
const exitNoSuch = 105;

export type Asked = {
  readonly line: CommandLine;
  readonly shell: CommandShell;
  readonly answer: CommandAnswer;
};

export async function tellInstalled({ line, shell, answer }: Asked): Promise<number> {
  const query = { of: "agents", class: "stonith" } as const;
  const { names } = await withoutCluster(shell, (client) => client.ask("agent-names", query));
  answer.give({
    text: () => devicesText(names, hasOption(line, "quiet")),
    xml: () => [listXml("installed fence devices", "device", names)],
    json: () => names,
  });
  return 0;
}

export async function tellMetadata({ line, shell, answer }: Asked): Promise<number> {
  const agent = agentOf(line);
  const { text } = await withoutCluster(shell, (client) => client.ask("agent-metadata", { agent }));
  if (text === null) {
    throw new UserError("HF4000", `${agent.type} is not installed here, or has no metadata`, {
      exit: exitNoSuch,
      remedy: `${name} --list-installed tells which there are.`,
    });
  }
  answer.give({
    text: () => (text.endsWith("\n") ? text : `${text}\n`),
    xml: () => [{ name: "metadata", attributes: {}, literal: text }],
    json: () => ({ agent: agent.type, metadata: text }),
  });
  return 0;
}

/** The agent looks at the values; nothing is fenced. */
export async function validate({ line, shell, answer }: Asked): Promise<number> {
  const agent = agentOf(line);
  const values = Object.fromEntries(givenValues(line, shell));
  const run = await withoutCluster(shell, (client) =>
    client.ask("run-agent", { agent, values, action: "validate-all" }),
  );
  const isValid = run.rc === 0;
  answer.give({
    text: () => validationText(agent.type, run),
    xml: () => [validationXml(agent.type, run)],
    json: () => ({ agent: agent.type, valid: isValid, stdout: run.stdout, stderr: run.stderr }),
  });
  if (isValid) return 0;
  shell.error(
    `${name}: ${agent.type} does not take these values${run.notRun ? ": it is not installed" : ""}\n`,
  );
  return run.notRun ? exitNoSuch : 1;
}

function validationText(agent: string, run: AgentRun): string {
  const start = `Validation of ${agent} ${run.rc === 0 ? "succeeded" : "failed"}\n`;
  if (run.notRun) return `${start}Agent ${agent} not found\n`;
  return start + [run.stdout, run.stderr].map((text) => (text === "" ? "" : `${text}\n`)).join("");
}

function validationXml(agent: string, run: AgentRun): XmlText {
  const outputs = Object.entries({ stdout: run.stdout, stderr: run.stderr });
  const said = outputs.filter(([, text]) => text !== "");
  return {
    name: "validate",
    attributes: { agent, valid: run.rc === 0 },
    children: [
      {
        name: "command",
        attributes: { code: run.rc },
        children: said.map(([source, text]) => ({ name: "output", attributes: { source }, text })),
      },
    ],
  };
}

function agentOf(line: CommandLine) {
  const type = optionValue(line, "agent");
  if (type === undefined) throw usageError("which agent is meant: --agent AGENT", name);
  return { class: "stonith", provider: "", type };
}

/** From the line, and from the environment as agents have it. */
function givenValues(line: CommandLine, shell: CommandShell): [name: string, value: string][] {
  const fromLine = optionValues(line, "option").map((option): [string, string] => {
    const equals = option.indexOf("=");
    if (equals < 1) throw usageError(`--option is NAME=VALUE, not "${option}"`, name);
    return [option.slice(0, equals), option.slice(equals + 1)];
  });
  const fromEnvironment = optionValues(line, "env-option").map((each): [string, string] => {
    const value = shell.environment[`OCF_RESKEY_${each}`];
    if (value === undefined) throw usageError(`OCF_RESKEY_${each} is not set`, name);
    return [each, value];
  });
  return [...fromLine, ...fromEnvironment];
}
