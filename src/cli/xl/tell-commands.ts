/** `xl uptime`, `xl domid`, `xl domname`: small questions about guests. */
import { uptime } from "node:os";
import type { GuestRow } from "../../api/cluster-guest.ts";
import { type UptimeRow, uptimeTable } from "../../view/cluster/domain-table.ts";
import type { ClusterCommand } from "../cluster/cluster-command.ts";
import { hasOption } from "../getopt/getopt.ts";
import type { Dialect } from "./dialect.ts";
import { findGuest } from "./find-guest.ts";
import { guestOperand } from "./guest-operand.ts";

export function uptimeCommand(dialect: Dialect): ClusterCommand {
  return {
    name: `${dialect.name} uptime`,
    summary: "Tells for how long the host and the guests on it have been running.",
    usage: ["[GUEST...]"],
    groups: [{ title: "Options", rows: [{ long: "json", help: "as JSON" }] }],
    refused: [{ long: "short", short: "s", help: "", reason: "the table has all of it." }],
    examples: [`${dialect.name} uptime`],
    run: async (line, shell) => {
      const host: UptimeRow = { name: "Domain-0", id: 0, seconds: uptime() };
      const { guests } = await shell.cluster.ask("guest-list");
      const named: GuestRow[] = [];
      for (const operand of line.operands) named.push(await findGuest(operand, shell));
      const shown = (line.operands.length === 0 ? guests : named).map(uptimeRow);
      const rows = line.operands.length === 0 ? [host, ...shown] : shown;
      shell.out(hasOption(line, "json") ? `${JSON.stringify(rows)}\n` : uptimeTable(rows));
      return 0;
    },
  };
}

function uptimeRow({ name, id, sinceMs }: GuestRow): UptimeRow {
  return { name, id, seconds: sinceMs === undefined ? undefined : (Date.now() - sinceMs) / 1000 };
}

export function domidCommand(dialect: Dialect): ClusterCommand {
  return tellOne(dialect, {
    word: "domid",
    summary: "Prints the number of a guest on this node.",
    value: ({ id }) => String(id),
  });
}

export function domnameCommand(dialect: Dialect): ClusterCommand {
  return tellOne(dialect, {
    word: "domname",
    summary: "Prints the name of a guest on this node.",
    value: ({ name }) => name,
  });
}

function tellOne(
  dialect: Dialect,
  what: {
    readonly word: string;
    readonly summary: string;
    readonly value: (guest: GuestRow) => string;
  },
): ClusterCommand {
  const name = `${dialect.name} ${what.word}`;
  return {
    name,
    summary: what.summary,
    usage: ["GUEST"],
    groups: [],
    refused: [],
    run: async (line, shell) => {
      const operand = guestOperand(line, name);
      shell.out(`${what.value(await findGuest(operand, shell))}\n`);
      return 0;
    },
  };
}
