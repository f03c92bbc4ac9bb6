/** Which attribute or option a command line of crm_attribute is about. */
import type { AttributeParams, AttributeScopeParams } from "../../api/cluster-protocol.ts";
import { compilePattern } from "../../formats/cib/pattern/pattern.ts";
import { usageError } from "../cluster/cluster-command.ts";
import type { CommandShell } from "../cluster/command-shell.ts";
import { localNode } from "../cluster/local-node.ts";
import { type CommandLine, hasOption, optionValue } from "../getopt/getopt.ts";

const command = "crm_attribute";

/** Its keys are those that were given. @throws UserError HF4600. */
export async function attributeRequest(
  line: CommandLine,
  shell: CommandShell,
): Promise<AttributeParams> {
  const setId = optionValue(line, "set-name");
  const pairId = optionValue(line, "id");
  const pattern = optionValue(line, "pattern");
  if (pattern !== undefined) requirePattern(pattern);
  const name = hasOption(line, "promotion")
    ? promotionScoreName(line, shell)
    : (optionValue(line, "name") ?? optionValue(line, "attr-name"));
  return {
    scope: await scopeOf(line, shell),
    ...(name === undefined ? {} : { name }),
    ...(pattern === undefined ? {} : { pattern }),
    ...(setId === undefined ? {} : { setId }),
    ...(pairId === undefined ? {} : { pairId }),
  };
}

function requirePattern(pattern: string): void {
  const compiled = compilePattern(pattern);
  if (!compiled.ok) throw usageError(`--pattern ${pattern}: ${compiled.error}`, command);
}

/** Agents leave the resource out: holdfastd has told them which one they work for. */
function promotionScoreName(line: CommandLine, shell: CommandShell): string {
  const resource = optionValue(line, "promotion") ?? shell.environment["OCF_RESOURCE_INSTANCE"];
  if (resource !== undefined && resource !== "") return `master-${resource}`;
  throw usageError("--promotion is followed by =RESOURCE, but in an agent", command);
}

async function scopeOf(line: CommandLine, shell: CommandShell): Promise<AttributeScopeParams> {
  const node = optionValue(line, "node") ?? optionValue(line, "node-uname");
  const utilization = hasOption(line, "utilization");
  const isPromotion = hasOption(line, "promotion");
  const lifetime =
    optionValue(line, "lifetime") ?? (isPromotion && !utilization ? "reboot" : undefined);
  const type = optionValue(line, "type");
  switch (type) {
    case "crm_config":
    case "rsc_defaults":
    case "op_defaults":
      return { section: type };
    case undefined:
      if (node === undefined && lifetime === undefined && !utilization)
        return { section: "crm_config" };
      break;
    case "nodes":
    case "status":
      break;
    case "tickets":
      throw usageError("tickets are crm_ticket's", command);
    default:
      throw usageError(`there is no section "${type}"`, command);
  }
  if (lifetime !== undefined && lifetime !== "reboot" && lifetime !== "forever") {
    throw usageError(`--lifetime is reboot or forever, not "${lifetime}"`, command);
  }
  const isTransient = (type === "status" || lifetime === "reboot") && !utilization;
  const section = isTransient ? "status" : "nodes";
  const self = node ?? (await localNode(shell));
  return { section, node: self, ...(utilization ? { utilization } : {}) };
}
