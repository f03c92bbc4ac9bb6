/** The node "two" as Holdfast runs it by `engine kernel`: the process beside the kernel's DRBD, which is in the guest. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import type { Readable } from "node:stream";
import type { DiskResourceStatus } from "../../src/api/disk-status.ts";
import { parseDrbdConf } from "../../src/formats/drbd-conf/parse-drbd-conf.ts";
import { resolveDrbdConf } from "../../src/formats/drbd-conf/resolve-drbd-conf.ts";
import type { DrbdResourceConfig } from "../../src/formats/drbd-conf/resource-config.ts";
import { connectControl, controlRequest } from "../../src/host/control/control-client.ts";
import { GuestPrograms } from "./guest-programs.ts";
import type { KernelNode } from "./kernel-node.ts";

const program = path.resolve(import.meta.dirname, "../../bin/holdfast-disk");

export class EngineNode {
  readonly #directory: string;
  readonly #kernel: KernelNode;
  readonly #programs: GuestPrograms;
  #process: ChildProcess | undefined;

  static async make(kernel: KernelNode): Promise<EngineNode> {
    const directory = mkdtempSync("/tmp/hf-engine-");
    return new EngineNode(directory, kernel, await GuestPrograms.make(directory, kernel));
  }

  private constructor(directory: string, kernel: KernelNode, programs: GuestPrograms) {
    this.#directory = directory;
    this.#kernel = kernel;
    this.#programs = programs;
  }

  /** With the guest's own drbd.conf, and the word that makes the kernel the engine. */
  async config(): Promise<DrbdResourceConfig> {
    const text = `skip holdfast { on two { engine kernel; } }\n${await this.#kernel.sh("cat /etc/drbd.conf")}`;
    const parsed = parseDrbdConf(text, { file: "/etc/drbd.conf", include: () => [] });
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
    const resolved = resolveDrbdConf(parsed.value.value, "two");
    if (!resolved.ok) throw new Error(JSON.stringify(resolved.error));
    const [resource] = resolved.value.value.resources;
    if (resource === undefined) throw new Error("the guest has no resource");
    return resource;
  }

  async start(): Promise<void> {
    const log = openSync(path.join(this.#directory, "log"), "a");
    const child = spawn(program, ["r0", "--config-stdin"], {
      env: {
        ...process.env,
        HOLDFAST_RUN_DIR: this.#directory,
        HOLDFAST_LOG_DIR: this.#directory,
        HOLDFAST_DRBD_UTILS_DIR: this.#programs.directory,
        HOLDFAST_READY_FD: "3",
      },
      stdio: ["pipe", log, log, "pipe"],
    });
    this.#process = child;
    // When it is killed its pipes end in the middle, which is no failure of the test.
    for (const pipe of child.stdio) pipe?.on("error", () => {});
    child.stdin?.end(JSON.stringify(await this.config()));
    let line = "";
    for await (const chunk of child.stdio[3] as Readable) line += chunk;
    if (line.trim() !== "{}") throw new Error(`it does not start: ${line}\n${this.log()}`);
  }

  /** Ends the process at once; the kernel goes on. */
  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
  }

  async close(): Promise<void> {
    await this.kill();
    this.#programs.close();
    rmSync(this.#directory, { recursive: true });
  }

  ask(method: string, params: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    return controlRequest(this.#socket(), "the process beside the kernel", method, params);
  }

  async status(): Promise<DiskResourceStatus> {
    return (await this.ask("status")) as DiskResourceStatus;
  }

  /** Until a status that was told, not asked for, meets the condition. */
  async until(condition: (status: DiskResourceStatus) => boolean): Promise<DiskResourceStatus> {
    const connection = await connectControl(this.#socket(), "the process beside the kernel");
    try {
      return await new Promise((resolve, reject) => {
        const look = (status: DiskResourceStatus): void => {
          if (condition(status)) resolve(status);
        };
        connection.onEvent((_event, data) => look(data as DiskResourceStatus));
        connection.onClose(() => reject(new Error(`it has ended\n${this.log()}`)));
        connection.request("watch").then((status) => look(status as DiskResourceStatus), reject);
      });
    } finally {
      connection.close();
    }
  }

  log(): string {
    return readFileSync(path.join(this.#directory, "log"), "utf8");
  }

  #socket(): string {
    return path.join(this.#directory, "disk", "r0.sock");
  }
}
