/** What a command line of crm_resource says about which resource, where, and for how long. */
import { usageError } from "../cluster/cluster-command.ts";
import { parseDuration } from "../cluster/duration.ts";
import { type CommandLine, optionValue } from "../getopt/getopt.ts";

export const command = "crm_resource";

/** @throws UserError HF4600 */
export function neededResource(line: CommandLine): string {
  const resource = optionValue(line, "resource");
  if (resource === undefined) throw usageError("which resource is meant: --resource RSC", command);
  return resource;
}

export function nodeOf(line: CommandLine): string | undefined {
  return optionValue(line, "node") ?? optionValue(line, "host-uname");
}

/** @throws UserError HF4600 */
export function timeoutOf(line: CommandLine): { timeoutMs?: number } {
  const given = optionValue(line, "timeout");
  if (given === undefined) return {};
  const timeoutMs = parseDuration(given);
  if (timeoutMs === undefined) throw usageError(`"${given}" is no time, such as 60s`, command);
  return { timeoutMs };
}
