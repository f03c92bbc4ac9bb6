/** The tables of `xl list` and `xl uptime`: columns where scripts look for them. */
import type { GuestRow, GuestRowState } from "../../api/cluster-guest.ts";

/** The host itself, which Xen's tools list first. */
export type HostRow = {
  readonly memoryMib: number;
  readonly vcpus: number;
  readonly cpuSeconds: number;
};

/** xl's letters: running, blocked, paused, shut down, crashed, dying. */
const letters: Readonly<Record<GuestRowState, string>> = {
  running: "r-----",
  paused: "--p---",
  // Its disk failed or its kernel panicked: Xen would call it crashed.
  stuck: "----c-",
  // It holds, or waits for, the memory of a guest that runs elsewhere.
  arriving: "--p---",
  departed: "---s--",
  killed: "-----d",
  unanswering: "------",
};

export function domainTable(rows: readonly GuestRow[], host: HostRow | undefined): string {
  const lines = ["Name                                        ID   Mem VCPUs\tState\tTime(s)"];
  if (host !== undefined) lines.push(domainLine({ ...host, name: "Domain-0", id: 0 }, "r-----"));
  for (const row of rows) lines.push(domainLine(row, letters[row.state]));
  return lines.map((line) => `${line}\n`).join("");
}

function domainLine(row: HostRow & { readonly name: string; readonly id: number }, state: string) {
  const columns = [
    row.name.padEnd(40),
    String(row.id).padStart(5),
    String(Math.round(row.memoryMib)).padStart(5),
    String(row.vcpus).padStart(5),
  ].join(" ");
  return `${columns}     ${state}  ${row.cpuSeconds.toFixed(1).padStart(8)}`;
}

/** As `xl list --long` shapes a domain, with what is known of it. */
export function domainDetails(rows: readonly GuestRow[]): unknown {
  return rows.map((row) => ({
    domid: row.id,
    config: {
      c_info: { name: row.name },
      b_info: {
        max_vcpus: row.vcpus,
        max_memkb: row.memoryMib * 1024,
        target_memkb: row.memoryMib * 1024,
      },
    },
  }));
}

export type UptimeRow = {
  readonly name: string;
  readonly id: number;
  /** Undefined where it is not known. */
  readonly seconds: number | undefined;
};

export function uptimeTable(rows: readonly UptimeRow[]): string {
  const lines = rows.map(
    ({ name, id, seconds }) =>
      `${name.padEnd(33)} ${String(id).padStart(4)} ${uptimeText(seconds)}`,
  );
  return [`${"Name".padEnd(33)} ${"ID".padStart(4)} Uptime`, ...lines]
    .map((line) => `${line}\n`)
    .join("");
}

/** "  1 day, 02:03:04" in xl's form: days only where there are some. */
function uptimeText(seconds: number | undefined): string {
  if (seconds === undefined) return "unknown";
  const two = (value: number): string => String(value).padStart(2, "0");
  const whole = Math.floor(seconds);
  const days = Math.floor(whole / 86_400);
  const hours = Math.floor(whole / 3600) % 24;
  const clock = `${String(hours).padStart(2)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  if (days === 0) return clock;
  return `${days} ${days === 1 ? "day" : "days"}, ${clock}`;
}
