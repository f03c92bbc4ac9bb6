/** crm_standby: a node that stays a member and runs nothing. */
import { UserError } from "../../api/user-error.ts";
import { by } from "../cluster/by.ts";
import { type ClusterCommand, usageError } from "../cluster/cluster-command.ts";
import type { CommandShell } from "../cluster/command-shell.ts";
import { localNode } from "../cluster/local-node.ts";
import { type CommandLine, hasOption, optionValue } from "../getopt/getopt.ts";

const name = "crm_standby";

export const crmStandby: ClusterCommand = {
  name,
  summary: "Puts a node into standby: it stays a member, and its guests move away.",
  usage: ["--query|--update on|off|--delete [OPTION...]"],
  groups: [
    {
      title: "What to do",
      rows: [
        { long: "query", short: "G", help: "print whether it is in standby" },
        { long: "update", short: "v", argument: "VALUE", help: "on or off" },
        { long: "delete", short: "D", help: "forget what was set: off" },
      ],
    },
    {
      title: "Of what",
      rows: [
        { long: "node", short: "N", argument: "NODE", help: "the node (this one)" },
        { long: "node-uname", argument: "NODE", help: "the same", hidden: true },
        { long: "lifetime", short: "l", argument: "WHEN", help: "reboot or forever (forever)" },
        { long: "quiet", short: "q", help: "print only the value" },
        { long: "json", help: "as JSON" },
      ],
    },
  ],
  refused: [
    { long: "id", short: "i", argument: "ID", help: "", reason: "use crm_attribute --id." },
  ],
  examples: ["crm_standby --node xen1 --update on", "crm_standby --node xen1 --delete"],
  run,
};

const yes = ["on", "true", "yes", "1"];
const no = ["off", "false", "no", "0"];

async function run(line: CommandLine, shell: CommandShell): Promise<number> {
  const node =
    optionValue(line, "node") ?? optionValue(line, "node-uname") ?? (await localNode(shell));
  const lifetime = lifetimeOf(line);
  const value = optionValue(line, "update")?.toLowerCase();
  const asked = { node, by: by(name, shell) };
  if (value !== undefined) {
    if (![...yes, ...no].includes(value))
      throw usageError(`standby is on or off, not "${value}"`, name);
    const on = yes.includes(value);
    await shell.cluster.ask("set-standby", { ...asked, on, lifetime: lifetime ?? "forever" });
    return 0;
  }
  if (hasOption(line, "delete")) {
    await shell.cluster.ask("delete-standby", { ...asked, ...(lifetime ? { lifetime } : {}) });
    return 0;
  }
  const found = await standbyOf(node, lifetime, shell);
  const scope = found.lifetime === "forever" ? "nodes" : "status";
  if (hasOption(line, "json")) shell.out(`${JSON.stringify({ node, ...found })}\n`);
  else if (hasOption(line, "quiet")) shell.out(`${found.value}\n`);
  else shell.out(`scope=${scope}  name=standby value=${found.value}\n`);
  return 0;
}

/** By the lifetime that is asked about, it may not be set at all. */
async function standbyOf(
  node: string,
  lifetime: Lifetime | undefined,
  shell: CommandShell,
): Promise<{ readonly value: string; readonly lifetime: string }> {
  if (lifetime === undefined) return await shell.cluster.ask("get-standby", { node });
  const section = lifetime === "forever" ? "nodes" : "status";
  const asked = { scope: { section, node }, name: "standby" } as const;
  const [found] = (await shell.cluster.ask("find-attributes", asked)).found;
  if (found !== undefined) return { value: found.value, lifetime };
  throw new UserError("HF4000", `standby is not set on ${node} with the lifetime ${lifetime}.`, {
    exit: 105,
    remedy: "Ask without --lifetime for what holds.",
  });
}

type Lifetime = "reboot" | "forever";

function lifetimeOf(line: CommandLine): Lifetime | undefined {
  const given = optionValue(line, "lifetime");
  if (given === undefined || given === "reboot" || given === "forever") return given;
  throw usageError(`--lifetime is reboot or forever, not "${given}"`, name);
}
