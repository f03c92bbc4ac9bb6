/** Child processes of the benchmark. */
import type { ChildProcess } from "node:child_process";
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const waitMsMax = 20_000;

/** Until somebody listens on the unix socket. */
export async function waitForSocket(socketPath: string, server: ChildProcess): Promise<void> {
  const began = performance.now();
  while (!(await answers(socketPath))) {
    if (server.exitCode !== null)
      throw new Error(`${server.spawnfile} ended with exit code ${server.exitCode}`);
    if (performance.now() - began > waitMsMax) throw new Error(`nobody listens on ${socketPath}`);
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

function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(socketPath);
    const end = (result: boolean) => (): void => {
      socket.destroy();
      resolve(result);
    };
    socket.once("connect", end(true));
    socket.once("error", end(false));
  });
}
