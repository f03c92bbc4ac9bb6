/** `npm run demo` as a process of its own, and what of its lab is left on the machine afterwards. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { listLoops } from "../../../lab/machine/loops.ts";
import { processesIn } from "../../../lab/machine/process-identity.ts";
import { namespacesOf } from "../../../lab/network/lan.ts";
import { namespaceFile } from "../../../lab/plan/lab-names.ts";
import { labNames } from "../../../lab/plan/lab-state.ts";

const root = path.resolve(import.meta.dirname, "../../..");

export class DemoRun {
  readonly name: string;
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcess;
  readonly #listeners = new Set<() => void>();
  #output = "";
  #isOver = false;

  constructor(name: string, args: readonly string[]) {
    this.name = name;
    const program = path.join(root, "tools/run.mjs");
    const argv = [program, "demo", "--name", name, ...args];
    this.#child = spawn(process.execPath, argv, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    const note = (chunk: string): void => {
      this.#output += chunk;
      for (const listener of this.#listeners) listener();
    };
    this.#child.stdout?.setEncoding("utf8").on("data", note);
    this.#child.stderr?.setEncoding("utf8").on("data", note);
    this.ended = new Promise((resolve, reject) => {
      this.#child.once("error", reject);
      this.#child.once("close", (code) => {
        this.#isOver = true;
        note("");
        resolve(code);
      });
    });
  }

  get output(): string {
    return this.#output;
  }

  /** Resolves when the output matches. Rejects when the demo ends without that. */
  async says(pattern: RegExp): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const look = (): void => {
        if (pattern.test(this.#output)) resolve();
        else if (this.#isOver) reject(new Error(`ended: ${this.#output}`));
        else return;
        this.#listeners.delete(look);
      };
      this.#listeners.add(look);
      look();
    });
  }

  /** As a service manager ends it; a Ctrl-C in a terminal takes the same way. */
  terminate(): void {
    this.#child.kill("SIGTERM");
  }
}

/** The network namespaces that a lab has, by the kernel's names: every process of it lives in one of them. */
export async function networksOf(lab: string): Promise<readonly string[]> {
  const names = await namespacesOf(lab);
  return names.map((name) => `net:[${statSync(namespaceFile(name)).ino}]`);
}

/** What is left of a lab; empty when there is nothing. @param networks what it had while it was up. */
export async function leftOf(lab: string, networks: readonly string[]): Promise<readonly string[]> {
  const dir = `/var/lib/holdfast-lab/${lab}`;
  const mounts = readFileSync("/proc/self/mountinfo", "utf8").split("\n");
  const files = [dir, `/run/holdfast-lab/${lab}`, `/run/holdfast-lab/${lab}.lock`];
  // Loop devices are the machine's: while other labs are up, theirs cannot be told from ours.
  const loops = labNames().length > 0 ? [] : await listLoops();
  return [
    ...networks.flatMap((net) => processesIn("net", net)).map((pid) => `process ${pid}`),
    ...(await namespacesOf(lab)).map((name) => `namespace ${name}`),
    ...mounts.filter((one) => one.includes(dir) || one.includes(`holdfast-${lab}-`)),
    ...files.filter((file) => existsSync(file)).map((file) => `file ${file}`),
    ...loops
      .filter((loop) => /\/(dev\/xenhostfs|run\/holdfast)\//.test(loop.backingFile))
      .map((loop) => `loop device ${loop.device} of ${loop.backingFile}`),
  ];
}
