/** `drbdsetup status` and `drbdadm status`. */
import { resourceStatus } from "../../view/drbd/resource-status.ts";
import { statusJson } from "../../view/drbd/status-json.ts";
import type { OptionRow } from "../getopt/getopt.ts";
import { type CommandLine, hasOption } from "../getopt/getopt.ts";
import { resourcesWithSocket, statusOf } from "./running-resources.ts";

export const statusOptions: readonly OptionRow[] = [
  { long: "verbose", short: "v", help: "tell also what is as usual" },
  { long: "statistics", short: "s", help: "counters and sizes" },
  { long: "json", short: "j", help: "as JSON" },
  { long: "color", argument: "WHEN", optional: true, help: "", hidden: true },
];

/** drbdsetup's exit code for a resource that is not there. */
const exitUnknown = 10;

/** @param names the resources; none: all that are up. Returns the exit status. */
export async function showStatus(
  names: readonly string[],
  line: CommandLine,
  print: { readonly out: (text: string) => void; readonly error: (text: string) => void },
): Promise<number> {
  const wanted = names.length === 0 ? resourcesWithSocket() : names;
  const statuses = await statusOf(wanted);
  if (hasOption(line, "json")) {
    print.out(`${JSON.stringify(statusJson(statuses), undefined, 2)}\n`);
  } else if (statuses.length > 0) {
    const verbose = hasOption(line, "verbose");
    const statistics = hasOption(line, "statistics");
    const columns = process.stdout.columns ?? 80;
    print.out(resourceStatus(statuses, { verbose, statistics, columns }));
  } else if (names.length === 0) print.out("# No currently configured DRBD found.\n");
  const missing = names.filter((name) => !statuses.some((status) => status.name === name));
  for (const name of missing)
    print.error(`${name}: No such resource\n  It is not up: drbdadm up ${name}\n`);
  return missing.length > 0 ? exitUnknown : 0;
}
