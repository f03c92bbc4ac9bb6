/** --interval of crm_mon. */
import { usageError } from "../cluster/cluster-command.ts";
import { parseDuration } from "../cluster/duration.ts";
import { type CommandLine, optionValue } from "../getopt/getopt.ts";

/** In ms; undefined where none is given. @throws UserError HF4600 */
export function intervalOf(line: CommandLine): number | undefined {
  const given = optionValue(line, "interval");
  if (given === undefined) return undefined;
  const ms = parseDuration(given);
  if (ms === undefined || ms < 100)
    throw usageError(`--interval is a time such as 5s, not "${given}"`, "crm_mon");
  return ms;
}
