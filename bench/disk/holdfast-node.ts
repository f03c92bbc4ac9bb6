/** One of the two disk servers of a DRBD resource, with a run directory of its own. */
import { type ChildProcess, execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import path from "node:path";
import type { DiskResourceStatus } from "../../src/api/disk-status.ts";
import { connectControl, controlRequest } from "../../src/host/control/control-client.ts";
import { type ConfigChoices, resourceConfig } from "../../test/disk/resource-config.ts";
import { begin, endOf, waitForSocket } from "./processes.ts";
import type { Target } from "./workloads.ts";

const programs = path.resolve(import.meta.dirname, "../../bin");
const name = "bench";
/** Nothing that would slow down a resync on purpose. */
const options = "net { protocol C; ping-timeout 30; } disk { c-max-rate 4G; c-min-rate 0; }";

export class HoldfastNode {
  readonly #process: ChildProcess;
  readonly #run: string;

  private constructor(process: ChildProcess, run: string) {
    this.#process = process;
    this.#run = run;
  }

  /** Makes new metadata on the disk; resolves when it is attached and connects. */
  static async start(directory: string, choices: ConfigChoices): Promise<HoldfastNode> {
    const run = path.join(directory, `run-${choices.host}`);
    mkdirSync(run, { recursive: true });
    execFileSync(
      path.join(programs, "drbdmeta"),
      ["--force", "0", "v08", choices.disk, "internal", "create-md"],
      {
        stdio: "ignore",
      },
    );
    const server = begin(path.join(programs, "holdfast-disk"), [name, "--config-stdin"], {
      env: {
        ...process.env,
        HOLDFAST_RUN_DIR: run,
        HOLDFAST_LOG_DIR: directory,
        HOLDFAST_STATE_DIR: run,
      },
      stdio: ["pipe", "ignore", process.env["BENCH_LOG"] === undefined ? "ignore" : "inherit"],
    });
    server.stdin?.end(JSON.stringify(resourceConfig(name, { ...choices, more: options })));
    const node = new HoldfastNode(server, run);
    await waitForSocket(node.#socket, server);
    await node.ask("attach", { volume: 0 });
    await node.ask("connect");
    return node;
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  get target(): Target {
    return { socketPath: path.join(this.#run, "nbd", `${name}-0.sock`), exportName: "0" };
  }

  ask(method: string, params: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    return controlRequest(this.#socket, name, method, params);
  }

  /** Until the condition holds for the status. */
  async until(condition: (status: DiskResourceStatus) => boolean): Promise<void> {
    const connection = await connectControl(this.#socket, name);
    await new Promise<void>((resolve, reject) => {
      const look = (status: DiskResourceStatus): void => {
        if (condition(status)) resolve();
      };
      connection.onEvent((_event, data) => look(data as DiskResourceStatus));
      connection.request("watch").then((status) => look(status as DiskResourceStatus), reject);
    });
    connection.close();
  }

  async kill(): Promise<void> {
    this.#process.kill("SIGKILL");
    await endOf(this.#process);
  }

  get #socket(): string {
    return path.join(this.#run, "disk", `${name}.sock`);
  }
}

export function isConnected(status: DiskResourceStatus): boolean {
  return status.connection.state === "Connected";
}

export function isInSync(status: DiskResourceStatus): boolean {
  const [volume] = status.volumes;
  return volume?.peerDisk === "UpToDate" && volume.connectionState === "Connected";
}
