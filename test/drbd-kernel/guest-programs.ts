/**
 * DRBD's own programs as if they were on this machine: each is a file that runs the same command in the guest with the
 * kernel's DRBD. What goes on telling (`events2` without --now) writes into a file of the guest's, which is read on.
 */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import type { KernelNode } from "./kernel-node.ts";

const readOnMs = 200;

export class GuestPrograms {
  /** Where the programs are. */
  readonly directory: string;
  readonly #server: net.Server;

  static async make(directory: string, kernel: KernelNode): Promise<GuestPrograms> {
    const bin = path.join(directory, "sbin");
    mkdirSync(bin);
    const socketPath = path.join(directory, "guest.sock");
    const forward = path.join(import.meta.dirname, "forward-to-guest.ts");
    for (const name of ["drbdsetup", "drbdmeta"]) {
      const file = path.join(bin, name);
      writeFileSync(
        file,
        `#!/bin/sh\nexec ${process.execPath} ${forward} ${socketPath} ${name} "$@"\n`,
      );
      chmodSync(file, 0o755);
    }
    let told = 0;
    const server = net.createServer((socket) => {
      socket.on("error", () => {});
      // It tells the socket's errors, too: a program that was killed is one.
      const lines = createInterface({ input: socket }).on("error", () => {});
      lines.once("line", (line) => {
        // The guest may end while something is still told: then there is nobody to tell it to.
        const words = JSON.parse(line) as readonly string[];
        // Whoever follows has a file of its own: an earlier one may not have ended yet.
        serve({ kernel, socket, words, file: `/tmp/events2.${told++}` }).catch(() =>
          socket.destroy(),
        );
      });
    });
    await new Promise<void>((resolve) => server.listen(socketPath, resolve));
    return new GuestPrograms(bin, server);
  }

  private constructor(directory: string, server: net.Server) {
    this.directory = directory;
    this.#server = server;
  }

  close(): void {
    this.#server.close();
  }
}

type Call = {
  readonly kernel: KernelNode;
  readonly socket: net.Socket;
  readonly words: readonly string[];
  /** Of the guest, for what goes on telling. */
  readonly file: string;
};

async function serve({ kernel, socket, words, file }: Call): Promise<void> {
  const command = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  const send = (message: object): void => void socket.write(`${JSON.stringify(message)}\n`);
  if (words[1] !== "events2" || words.includes("--now")) {
    const { status, output } = await kernel.run(command);
    send({ status, output });
    socket.end();
    return;
  }
  let isOpen = true;
  socket.on("close", () => {
    isOpen = false;
  });
  const started = await kernel.run(`${command} >${file} 2>&1 & echo $!`);
  for (let lines = 0; isOpen; ) {
    const { output: read } = await kernel.run(`tail -n +${lines + 1} ${file}`);
    // A line that is still being written is read again as a whole.
    const output = read.slice(0, read.lastIndexOf("\n") + 1);
    lines += output.split("\n").length - 1;
    if (output !== "") send({ output });
    await sleep(readOnMs);
  }
  await kernel.run(`kill ${started.output.trim()}`);
}
