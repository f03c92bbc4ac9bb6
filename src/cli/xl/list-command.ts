/** `xl list`: the guests of this node. */
import { cpus, totalmem } from "node:os";
import type { GuestRow } from "../../api/cluster-guest.ts";
import { domainDetails, domainTable, type HostRow } from "../../view/cluster/domain-table.ts";
import type { ClusterCommand } from "../cluster/cluster-command.ts";
import type { CommandShell } from "../cluster/command-shell.ts";
import { type CommandLine, hasOption } from "../getopt/getopt.ts";
import type { Dialect } from "./dialect.ts";
import { findGuest } from "./find-guest.ts";

export function listCommand(dialect: Dialect): ClusterCommand {
  return {
    name: `${dialect.name} list`,
    summary: "Lists the guests on this node.",
    usage: ["[OPTION...] [GUEST...]"],
    groups: [
      {
        title: "Options",
        rows: [
          { long: "long", short: "l", help: "in xl's JSON" },
          { long: "json", help: "all that is known, as JSON" },
        ],
      },
    ],
    refused: [
      { long: "verbose", short: "v", help: "", reason: "--json tells all that is known." },
      { long: "context", short: "Z", help: "", reason: "there are no security labels." },
      { long: "cpupool", short: "c", help: "", reason: "there are no pools of processors." },
      { long: "numa", short: "n", help: "", reason: "guests are not bound to NUMA nodes." },
    ],
    examples: [`${dialect.name} list`, `${dialect.name} list host1`],
    run,
  };
}

async function run(line: CommandLine, shell: CommandShell): Promise<number> {
  const isAll = line.operands.length === 0;
  const { guests } = await shell.cluster.ask("guest-list");
  const rows: GuestRow[] = isAll ? [...guests] : [];
  for (const operand of line.operands) {
    if (operand !== "Domain-0" && operand !== "0") rows.push(await findGuest(operand, shell));
  }
  const wantsHost = isAll || line.operands.some((each) => each === "Domain-0" || each === "0");
  if (hasOption(line, "json")) shell.out(`${JSON.stringify(rows, undefined, 2)}\n`);
  else if (hasOption(line, "long"))
    shell.out(`${JSON.stringify(domainDetails(rows), undefined, 4)}\n`);
  else shell.out(domainTable(rows, wantsHost ? hostRow(guests) : undefined));
  return 0;
}

/** What is left to the host: memory that is no guest's, and the processors' time that no guest used. */
function hostRow(guests: readonly GuestRow[]): HostRow {
  const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0);
  const processors = cpus();
  const busySeconds = sum(processors.map(({ times }) => times.user + times.sys)) / 1000;
  return {
    memoryMib: Math.max(0, totalmem() / 2 ** 20 - sum(guests.map((guest) => guest.memoryMib))),
    vcpus: processors.length,
    cpuSeconds: Math.max(0, busySeconds - sum(guests.map((guest) => guest.cpuSeconds))),
  };
}
