/**
 * Runs shell scripts in a guest over its second serial port (guest-init): no network, so it works whatever happens to
 * that. One script at a time; those asked for meanwhile wait.
 */
import { rmSync } from "node:fs";
import net from "node:net";
import { createInterface } from "node:readline";

export type ScriptOutcome = { readonly status: number; readonly output: string };

type Pending = {
  readonly id: number;
  readonly script: string;
  readonly resolve: (outcome: ScriptOutcome) => void;
  readonly reject: (error: Error) => void;
};

export class SerialShell {
  readonly #server: net.Server;
  readonly #waiting: Pending[] = [];
  #socket: net.Socket | undefined;
  #current: Pending | undefined;
  #output = "";
  #nextId = 1;
  #closed: Error | undefined;

  /** Listens at `socketPath` for the emulator, which is to be started after this has resolved. */
  static async listen(socketPath: string): Promise<SerialShell> {
    rmSync(socketPath, { force: true });
    const server = net.createServer();
    const shell = new SerialShell(server);
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(socketPath, resolve);
    });
    return shell;
  }

  private constructor(server: net.Server) {
    this.#server = server;
    server.on("connection", (socket) => {
      server.close();
      socket.on("error", () => {});
      socket.on("close", () => this.close("the guest has ended"));
      createInterface({ input: socket })
        .on("line", (line) => this.#onLine(socket, line.trim()))
        // It tells its input's errors once more, and needs a listener of its own for them.
        .on("error", () => {});
    });
  }

  /** Rejects when the guest ends before it has answered. */
  run(script: string): Promise<ScriptOutcome> {
    return new Promise((resolve, reject) => {
      if (this.#closed !== undefined) {
        reject(this.#closed);
        return;
      }
      this.#waiting.push({ id: this.#nextId++, script, resolve, reject });
      this.#sendNext();
    });
  }

  close(reason: string): void {
    this.#closed ??= new Error(reason);
    this.#server.close();
    this.#socket?.destroy();
    const pending = this.#current === undefined ? [] : [this.#current];
    pending.push(...this.#waiting.splice(0));
    this.#current = undefined;
    for (const { script, reject } of pending) reject(new Error(`${reason}: ${script}`));
  }

  #onLine(socket: net.Socket, line: string): void {
    if (line === "READY") {
      this.#socket = socket;
      this.#sendNext();
      return;
    }
    const current = this.#current;
    if (current === undefined) return;
    const [word, id, status] = line.split(" ");
    if (word === "BEGIN" && Number(id) === current.id) {
      this.#output = "";
    } else if (word === "END" && Number(id) === current.id) {
      this.#current = undefined;
      const output = Buffer.from(this.#output, "base64").toString("utf8");
      current.resolve({ status: Number(status), output });
      this.#sendNext();
    } else {
      this.#output += line;
    }
  }

  #sendNext(): void {
    if (this.#socket === undefined || this.#current !== undefined) return;
    const next = this.#waiting.shift();
    if (next === undefined) return;
    this.#current = next;
    const script = Buffer.from(next.script).toString("base64");
    this.#socket.write(`${next.id} ${script}\n`);
  }
}
