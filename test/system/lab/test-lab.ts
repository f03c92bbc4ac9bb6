/** A lab of its own for a test, gone afterwards whatever happened; and why there can be none on this machine. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { after, before } from "node:test";
import { commandOnClient, commandOnHost, labDown, labUp, runOnHost } from "../../../lab/lab.ts";
import { machineLacks } from "../../../lab/machine/machine-needs.mjs";

const lacks = machineLacks();

/** False where labs can be made, else a sentence: what `skip` of node:test takes. */
export const noLab: string | false =
  lacks.length === 0
    ? false
    : `no lab on this machine: it lacks ${lacks.map((l) => l.what).join("; ")}`;

export type TestLab = {
  readonly name: string;
  /** Runs a shell script on a host. @returns what it printed; fails the test when it does not end with 0. */
  sh(host: string, script: string): Promise<string>;
  /** The same, without judging the exit code. */
  exitOf(host: string, script: string): Promise<number | null>;
  /** Starts a shell script on a host, or "client", that goes on until the test ends. */
  start(host: string, script: string): Started;
};

export type Started = {
  readonly child: ChildProcess;
  /** Resolves when the program's output contains that text. */
  says(text: string): Promise<void>;
};

let count = 0;

/** To be called at the top of a test file, or in a suite: one lab for all its tests. */
export function testLab(options: { readonly hosts?: number } = {}): TestLab {
  count += 1;
  const name = `t${process.pid}-${count}`;
  const started: ChildProcess[] = [];
  before(async () => {
    if (noLab === false) await labUp({ name, ...options });
  });
  after(async () => {
    for (const child of started) child.kill("SIGKILL");
    if (noLab === false) await labDown(name);
  });
  return {
    name,
    sh: async (host, script) => {
      const { code, stdout, stderr } = await runOnHost(name, host, ["sh", "-c", script]);
      assert.equal(code, 0, `${script}: exit ${code}\n${stdout}${stderr}`);
      return stdout;
    },
    exitOf: async (host, script) => (await runOnHost(name, host, ["sh", "-c", script])).code,
    start: (host, script) => {
      const argv = ["sh", "-c", script];
      const [command = "", ...args] =
        host === "client" ? commandOnClient(name, argv) : commandOnHost(name, host, argv);
      const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
      started.push(child);
      return { child, says: outputOf(child) };
    },
  };
}

function outputOf(child: ChildProcess): (text: string) => Promise<void> {
  let output = "";
  let ended = false;
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
    output += chunk;
    tell();
  });
  child.once("close", () => {
    ended = true;
    tell();
  });
  return (text) =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (output.includes(text)) resolve();
        else if (ended) reject(new Error(`ended without saying "${text}": ${output}`));
        else return;
        listeners.delete(look);
      };
      listeners.add(look);
      look();
    });
}
