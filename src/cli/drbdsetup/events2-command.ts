/** `drbdsetup events2`: what there is, then what changes, a line each, until it is ended. */
import { watch } from "node:fs";
import type { DiskResourceStatus } from "../../api/disk-status.ts";
import { diskSocketDirectory } from "../../host/paths/run-paths.ts";
import { changeLines, existsLines } from "../../view/drbd/events2.ts";
import { reachDisk } from "../drbdadm/disk-client.ts";
import { type CommandLine, hasOption, type OptionRow } from "../getopt/getopt.ts";
import { resourcesWithSocket, statusOf } from "./running-resources.ts";

export const events2Options: readonly OptionRow[] = [
  { long: "now", short: "n", help: "end after what there is" },
  { long: "statistics", short: "s", help: "counters and sizes" },
  { long: "timestamps", short: "T", help: "the time before each line" },
];

/** Counters are looked at this often, when statistics are wanted. */
const statisticsMs = 1000;

export async function showEvents2(
  names: readonly string[],
  line: CommandLine,
  print: (text: string) => void,
): Promise<number> {
  const events = new EventPrinter(names, line, print);
  const statuses = await statusOf(events.wanted());
  events.first(statuses);
  if (hasOption(line, "now")) return 0;
  for (const { name } of statuses) await events.follow(name);
  // Those who come up later make a socket there.
  watch(diskSocketDirectory(), () => {
    for (const name of events.wanted()) void events.follow(name);
  });
  return await new Promise<number>(() => {});
}

class EventPrinter {
  readonly #names: readonly string[];
  readonly #statistics: boolean;
  readonly #timestamps: boolean;
  readonly #print: (text: string) => void;
  readonly #known = new Map<string, DiskResourceStatus>();
  readonly #followed = new Set<string>();

  constructor(names: readonly string[], line: CommandLine, print: (text: string) => void) {
    this.#names = names;
    this.#statistics = hasOption(line, "statistics");
    this.#timestamps = hasOption(line, "timestamps");
    this.#print = print;
  }

  wanted(): readonly string[] {
    const names = resourcesWithSocket();
    return this.#names.length === 0 ? names : names.filter((name) => this.#names.includes(name));
  }

  first(statuses: readonly DiskResourceStatus[]): void {
    for (const status of statuses) this.#known.set(status.name, status);
    this.#lines(existsLines(statuses, { statistics: this.#statistics }));
  }

  async follow(name: string): Promise<void> {
    if (this.#followed.has(name)) return;
    this.#followed.add(name);
    const connection = await reachDisk(name);
    if (connection === undefined) {
      this.#followed.delete(name);
      return;
    }
    connection.onEvent((event, data) => {
      if (event === "status") this.#changed(name, data as DiskResourceStatus);
    });
    this.#changed(name, (await connection.request("watch")) as DiskResourceStatus);
    const timer = this.#statistics
      ? setInterval(() => void this.#poll(name, () => connection.request("status")), statisticsMs)
      : undefined;
    connection.onClose(() => {
      clearInterval(timer);
      this.#followed.delete(name);
      this.#changed(name, undefined);
    });
  }

  async #poll(name: string, ask: () => Promise<unknown>): Promise<void> {
    try {
      this.#changed(name, (await ask()) as DiskResourceStatus);
    } catch {
      // The connection has ended: onClose says so.
    }
  }

  #changed(name: string, status: DiskResourceStatus | undefined): void {
    const before = this.#known.get(name);
    if (status === undefined) this.#known.delete(name);
    else this.#known.set(name, status);
    this.#lines(changeLines(before, status, { statistics: this.#statistics }));
  }

  #lines(lines: readonly string[]): void {
    const time = this.#timestamps ? `${timestamp(new Date())} ` : "";
    for (const line of lines) this.#print(`${time}${line}\n`);
  }
}

/** 2026-11-22T15:23:17.736000+00:00, as drbdsetup writes it. */
function timestamp(now: Date): string {
  return now.toISOString().replace("Z", "000+00:00");
}
