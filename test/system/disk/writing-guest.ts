/**
 * A guest that writes to its disk without end (test/system/guests/guest-image.ts), in a QEMU of its own as the guest
 * agent starts it, and what it tells on its console.
 */
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { qemuArguments } from "../../../src/agents/qemu/qemu-arguments.ts";
import { type RunPaths, runPaths } from "../../../src/agents/qemu/run-paths.ts";
import type { GuestImage } from "../guests/guest-image.ts";
import { testGuest } from "../guests/qemu-world.ts";

const run = promisify(execFile);
const lookEveryMs = 10;

export class WritingGuest {
  readonly #paths: RunPaths;

  private constructor(paths: RunPaths) {
    this.#paths = paths;
  }

  /** Resolves when its QEMU runs; it boots by itself. */
  static async boot(
    image: GuestImage,
    options: { readonly directory: string; readonly socketPath: string },
  ): Promise<WritingGuest> {
    const directory = path.join(options.directory, "guest");
    mkdirSync(directory);
    const guest = testGuest(image, ["r0"]);
    const paths = runPaths({ run: directory, log: directory }, guest.name);
    const plan = {
      guest,
      paths,
      machine: "q35",
      accelerator: "tcg",
      taps: [],
      volume: () => ({ socketPath: options.socketPath, exportName: "0" }),
      arriving: false,
    } as const;
    await run("qemu-system-x86_64", [...qemuArguments(plan)]);
    return new WritingGuest(paths);
  }

  console(): string {
    return readFileSync(this.#paths.consoleLog, "utf8");
  }

  /** The number that the guest wrote and flushed last. */
  get written(): number {
    return this.console()
      .split("\n")
      .filter((line) => line.startsWith("tick ")).length;
  }

  /** Until it has written so many times more. Resolves to the longest time between two of these, in ms. */
  async writes(count: number): Promise<number> {
    let seen = this.written;
    const until = seen + count;
    let longestMs = 0;
    for (let lastAt = performance.now(); seen < until; ) {
      await sleep(lookEveryMs);
      const { written } = this;
      if (written === seen) continue;
      const now = performance.now();
      longestMs = Math.max(longestMs, now - lastAt);
      lastAt = now;
      seen = written;
    }
    return longestMs;
  }

  /** What QEMU says of it: `running`, or `io-error` when a request of its disk has failed. */
  async state(): Promise<string> {
    const socket = net.connect(this.#paths.qmp);
    for (const execute of ["qmp_capabilities", "query-status"])
      socket.write(`${JSON.stringify({ execute })}\n`);
    for await (const line of createInterface({ input: socket })) {
      const { return: answer } = JSON.parse(line) as { return?: { status?: string } };
      if (answer?.status === undefined) continue;
      socket.destroy();
      return answer.status;
    }
    throw new Error("QEMU ended without an answer");
  }

  async end(): Promise<void> {
    const pid = Number(readFileSync(this.#paths.pid, "utf8"));
    process.kill(pid, "SIGKILL");
    for (;;) {
      try {
        process.kill(pid, 0);
      } catch {
        return;
      }
      await sleep(lookEveryMs);
    }
  }
}
