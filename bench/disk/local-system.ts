/** The floor: Holdfast's NBD front and store without replication (local-server.ts). */
import type { ChildProcess } from "node:child_process";
import path from "node:path";
import type { BenchSystem } from "./bench-system.ts";
import { begin, endOf, waitForSocket } from "./processes.ts";

export function localServer(directory: string, file: string): BenchSystem {
  const socketPath = path.join(directory, "local.sock");
  let server: ChildProcess;
  return {
    name: "Holdfast, no replication",
    async start() {
      const program = path.join(import.meta.dirname, "local-server.ts");
      server = begin(process.execPath, [program, socketPath, file], { stdio: "inherit" });
      await waitForSocket(socketPath, server);
      return { socketPath, exportName: "0" };
    },
    pids: () => [server.pid ?? 0],
    stop: () => endOf(server),
  };
}
