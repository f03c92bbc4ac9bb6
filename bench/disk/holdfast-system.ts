/** One DRBD resource of Holdfast's, both disk servers on this machine and connected. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import path from "node:path";
import type { DiskResourceStatus } from "../../src/api/disk-status.ts";
import { connectControl, controlRequest } from "../../src/host/control/control-client.ts";
import { type ConfigChoices, resourceConfig } from "../../test/disk/resource-config.ts";
import type { BenchSystem } from "./bench-system.ts";
import { endOf, waitForSocket } from "./processes.ts";

const programs = path.resolve(import.meta.dirname, "../../bin");
const name = "bench";

type Node = { readonly process: ChildProcess; readonly socket: string; readonly run: string };

export function holdfastPair(
  directory: string,
  files: { readonly one: string; readonly two: string },
): BenchSystem {
  let one: Node;
  let two: Node;
  return {
    name: "Holdfast, protocol C",
    async start() {
      const ports = [17790, 17791] as const;
      one = await startNode(directory, { host: "one", disk: files.one, ports });
      two = await startNode(directory, { host: "two", disk: files.two, ports });
      await isUpToDate(one, () => controlRequest(one.socket, name, "primary", { force: true }));
      return { socketPath: path.join(one.run, "nbd", `${name}-0.sock`), exportName: "0" };
    },
    async stop() {
      for (const node of [one, two]) {
        node.process.kill("SIGKILL");
        await endOf(node.process);
      }
    },
  };
}

async function startNode(directory: string, choices: ConfigChoices): Promise<Node> {
  const run = path.join(directory, `run-${choices.host}`);
  mkdirSync(run, { recursive: true });
  execFileSync("drbdmeta", ["--force", "0", "v08", choices.disk, "internal", "create-md"], {
    stdio: "ignore",
  });
  const server = spawn(path.join(programs, "holdfast-disk"), [name, "--config-stdin"], {
    env: {
      ...process.env,
      HOLDFAST_RUN_DIR: run,
      HOLDFAST_LOG_DIR: directory,
      HOLDFAST_STATE_DIR: run,
    },
    stdio: ["pipe", "ignore", process.env["BENCH_LOG"] === undefined ? "ignore" : "inherit"],
  });
  const more = "net { protocol C; ping-timeout 30; } disk { c-max-rate 4G; }";
  server.stdin?.end(JSON.stringify(resourceConfig(name, { ...choices, more })));
  const socket = path.join(run, "disk", `${name}.sock`);
  await waitForSocket(socket, server);
  await controlRequest(socket, name, "attach", { volume: 0 });
  await controlRequest(socket, name, "connect");
  return { process: server, socket, run };
}

/** Until both copies are equal: `begin` is called once the nodes are connected. */
async function isUpToDate(node: Node, begin: () => Promise<unknown>): Promise<void> {
  const connection = await connectControl(node.socket, name);
  let begun = false;
  await new Promise<void>((resolve, reject) => {
    const look = (status: DiskResourceStatus): void => {
      const [volume] = status.volumes;
      if (status.connection.state !== "Connected") return;
      if (!begun) {
        begun = true;
        begin().catch(reject);
      } else if (volume?.peerDisk === "UpToDate" && volume.connectionState === "Connected") {
        resolve();
      }
    };
    connection.onEvent((_event, data) => look(data as DiskResourceStatus));
    connection.request("watch").then((status) => look(status as DiskResourceStatus), reject);
  });
  connection.close();
}
