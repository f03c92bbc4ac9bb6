/** Child processes of the benchmark. */
import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const waitMsMax = 20_000;
const running = new Set<ChildProcess>();

/** A process that ends with the benchmark, however that ends. */
export function begin(
  program: string,
  args: readonly string[],
  options: SpawnOptions = {},
): ChildProcess {
  const child = spawn(program, args, options);
  running.add(child);
  child.once("exit", () => running.delete(child));
  return child;
}

export function endAllProcesses(): void {
  for (const child of running) child.kill("SIGKILL");
}

export type Address = string | { readonly host: string; readonly port: number };

/** Until somebody listens there; a text is a unix socket's path. */
export async function waitForSocket(address: Address, server: ChildProcess): Promise<void> {
  const began = performance.now();
  while (!(await answers(address))) {
    if (server.exitCode !== null)
      throw new Error(`${server.spawnfile} ended with exit code ${server.exitCode}`);
    if (performance.now() - began > waitMsMax)
      throw new Error(`nobody listens on ${JSON.stringify(address)}`);
    await sleep(20);
  }
}

export function endOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else {
      child.once("exit", () => resolve());
      child.kill("SIGTERM");
    }
  });
}

function answers(address: Address): Promise<boolean> {
  return new Promise((resolve) => {
    const socket =
      typeof address === "string" ? net.connect(address) : net.connect(address.port, address.host);
    const end = (result: boolean) => (): void => {
      socket.destroy();
      resolve(result);
    };
    socket.once("connect", end(true));
    socket.once("error", end(false));
  });
}
