/** `holdfast top`: nodes, guests and volumes, drawn anew each second, until q. */
import type { ClusterSnapshot } from "../../api/cluster-snapshot.ts";
import { UserError } from "../../api/user-error.ts";
import { type TopOptions, type TopPage, topPage } from "../../view/top/top-page.ts";
import type { TopSort } from "../../view/top/volume-lines.ts";
import { type CounterSample, ratesOf, sampleOf } from "../../view/top/volume-rates.ts";
import { type ClusterClient, clusterClient } from "../cluster/cluster-client.ts";
import { type ClusterCommand, usageError } from "../cluster/cluster-command.ts";
import type { CommandShell } from "../cluster/command-shell.ts";
import { cibFileOf } from "../cluster/shadow-file.ts";
import { statusOf } from "../drbdsetup/running-resources.ts";
import { type CommandLine, hasOption } from "../getopt/getopt.ts";
import { FullScreen } from "../terminal/full-screen.ts";
import { terminalPaint } from "../terminal/terminal-paint.ts";
import { localTimes } from "../terminal/time-texts.ts";

const name = "holdfast top";
const sampleMs = 1000;
/** Rows of the screen that are not the page's: FullScreen's empty line and the footer. */
const footerRows = 3;
const footer = "q ends  ↑ ↓ scroll  n by name  a by activity  p by trouble  t only trouble";
const sorts: Readonly<Record<string, TopSort>> = { n: "name", a: "activity", p: "trouble" };

export const topCommand: ClusterCommand = {
  name,
  summary: "Shows nodes, guests and every volume with what it does, each second anew.",
  usage: ["[OPTION...]"],
  groups: [
    { title: "Options", rows: [{ long: "once", short: "1", help: "print it once, and end" }] },
  ],
  refused: [],
  examples: ["holdfast top", "holdfast top --once"],
  run,
};

async function run(line: CommandLine, shell: CommandShell): Promise<number> {
  if (line.operands.length > 0) throw usageError(`"${line.operands[0]}" is no option`, name);
  const top = new Top(shell);
  if (hasOption(line, "once") || !shell.isTerminal) {
    await top.sample();
    shell.out(top.page(Number.MAX_SAFE_INTEGER).text);
    top.close();
    return 0;
  }
  const screen = new FullScreen(shell);
  const ended = await screen.run({
    intervalMs: sampleMs,
    draw: async () => {
      await top.sample();
      screen.draw(top.page(shell.size().rows - footerRows).text, footer);
    },
    // Counters change all the time: there is no event to wait for.
    subscribe: () => {},
    onKey: (key) => top.onKey(key, shell.size().rows - footerRows),
  });
  top.close();
  return ended;
}

class Top {
  readonly #shell: CommandShell;
  #client: ClusterClient | undefined;
  #snapshot: ClusterSnapshot | undefined;
  #statuses: Awaited<ReturnType<typeof statusOf>> = [];
  #before: CounterSample | undefined;
  #now: CounterSample = { atMs: 0, counters: new Map() };
  #sort: TopSort = "name";
  #onlyTroubled = false;
  #offset = 0;
  #offsetMax = 0;

  constructor(shell: CommandShell) {
    this.#shell = shell;
  }

  /** Rates are over a whole interval, also where a key has asked for a drawing in between. */
  async sample(): Promise<void> {
    const [snapshot, statuses] = await Promise.all([this.#ask(), statusOf()]);
    this.#snapshot = snapshot;
    this.#statuses = statuses;
    const now = sampleOf(statuses, Date.now());
    if (now.atMs - this.#now.atMs < sampleMs / 2) return;
    this.#before = this.#now.atMs === 0 ? undefined : this.#now;
    this.#now = now;
  }

  page(rows: number): TopPage {
    const atMs = Date.now();
    const options: TopOptions = {
      rows,
      offset: this.#offset,
      sort: this.#sort,
      onlyTroubled: this.#onlyTroubled,
      paint: terminalPaint(this.#shell),
      times: localTimes(atMs),
    };
    const rates = (volume: string) => ratesOf(volume, this.#before, this.#now);
    const page = topPage(
      { atMs, snapshot: this.#snapshot, statuses: this.#statuses, rates },
      options,
    );
    this.#offsetMax = page.offsetMax;
    this.#offset = Math.min(this.#offset, page.offsetMax);
    return page;
  }

  onKey(key: string, rows: number): "draw" | "end" {
    if (key === "q" || key === "\u0003") return "end";
    const sort = sorts[key];
    if (sort !== undefined) this.#sort = sort;
    if (key === "t") this.#onlyTroubled = !this.#onlyTroubled;
    const steps: Readonly<Record<string, number>> = {
      "\u001b[A": -1,
      "\u001b[B": 1,
      k: -1,
      j: 1,
      "\u001b[5~": -rows,
      "\u001b[6~": rows,
    };
    const offset = this.#offset + (steps[key] ?? 0);
    this.#offset = Math.max(0, Math.min(this.#offsetMax, offset));
    return "draw";
  }

  close(): void {
    this.#client?.close();
  }

  /** A daemon that does not answer is asked again each time: it may be on its way up. */
  async #ask(): Promise<ClusterSnapshot | undefined> {
    this.#client ??= clusterClient(cibFileOf(this.#shell.environment));
    try {
      return await this.#client.ask("status");
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.#client.close();
      this.#client = undefined;
      return undefined;
    }
  }
}
