/** The whole terminal, for what is drawn again and again. The screen that was there comes back at the end. */
import { UserError } from "../../api/user-error.ts";
import { exitNotConnected } from "../cluster/cluster-client.ts";
import type { CommandShell } from "../cluster/command-shell.ts";

export type ScreenLoop = {
  readonly intervalMs: number;
  readonly draw: () => Promise<void>;
  readonly subscribe: (changed: () => void, ended: () => void) => void;
  readonly onKey: (key: string) => "draw" | "end";
};

const enter = "\u001b[?1049h\u001b[?25l";
const leave = "\u001b[?25h\u001b[?1049l";
const home = "\u001b[H";
const clearRight = "\u001b[K";
const clearBelow = "\u001b[J";

export class FullScreen {
  readonly #shell: CommandShell;

  constructor(shell: CommandShell) {
    this.#shell = shell;
  }

  /** What does not fit is cut off, and that is said. */
  draw(text: string, footer: string): void {
    const { columns, rows } = this.#shell.size();
    const lines = text.trimEnd().split("\n");
    const room = Math.max(1, rows - 2);
    const hidden = lines.length - room;
    const shown = hidden > 0 ? lines.slice(0, room - 1) : lines;
    if (hidden > 0) shown.push(`… ${hidden + 1} more lines: make the window higher`);
    const body = shown.map((line) => `${cut(line, columns)}${clearRight}\n`).join("");
    this.#shell.out(`${home}${body}${clearBelow}\n${cut(footer, columns)}${clearRight}`);
  }

  /** Ends with the exit status: 0 by a key or a signal. @throws what the drawing throws, or HF9002 when the daemon ends. */
  async run(loop: ScreenLoop): Promise<number> {
    this.#shell.out(enter);
    const { stdin } = process;
    const ended = new AbortController();
    try {
      await new Promise<void>((resolve, reject) => {
        const again = coalesced(loop.draw, reject);
        const timer = setInterval(again, loop.intervalMs);
        ended.signal.addEventListener("abort", () => clearInterval(timer));
        loop.subscribe(again, () => reject(daemonEnded()));
        const end = (): void => resolve();
        whileRunning(process, ended.signal, { SIGINT: end, SIGTERM: end, SIGWINCH: again });
        if (stdin.isTTY) {
          stdin.setRawMode(true);
          stdin.setEncoding("utf8");
          const onKey = (key: string): void => (loop.onKey(key) === "end" ? end() : again());
          whileRunning(stdin, ended.signal, { data: onKey });
        }
        again();
      });
      return 0;
    } finally {
      ended.abort();
      if (stdin.isTTY) stdin.setRawMode(false);
      stdin.pause();
      this.#shell.out(leave);
    }
  }
}

function whileRunning(
  source: NodeJS.EventEmitter,
  signal: AbortSignal,
  listeners: Readonly<Record<string, (data: string) => void>>,
): void {
  for (const [event, listener] of Object.entries(listeners)) {
    source.on(event, listener);
    signal.addEventListener("abort", () => source.off(event, listener));
  }
}

function daemonEnded(): UserError {
  return new UserError("HF9002", "holdfastd has ended", {
    exit: exitNotConnected,
    remedy: "Its log says why: journalctl -u holdfastd, or /var/log/holdfast/holdfastd.log.",
  });
}

/** One drawing at a time; what is asked for meanwhile is drawn once, afterwards. */
function coalesced(draw: () => Promise<void>, failed: (error: unknown) => void): () => void {
  let drawing = false;
  let again = false;
  const go = async (): Promise<void> => {
    drawing = true;
    do {
      again = false;
      await draw();
    } while (again);
    drawing = false;
  };
  return () => {
    if (drawing) again = true;
    else go().catch(failed);
  };
}

/** Tabs count as eight columns at most; colours count as none. */
function cut(line: string, columns: number): string {
  const plain = line.replaceAll("\t", "    ");
  let width = 0;
  let out = "";
  for (let at = 0; at < plain.length; at++) {
    if (plain[at] === "\u001b") {
      const end = plain.indexOf("m", at);
      out += plain.slice(at, end + 1);
      at = end;
      continue;
    }
    if (width >= columns) break;
    out += plain[at];
    width++;
  }
  return out.includes("\u001b") ? `${out}\u001b[0m` : out;
}
