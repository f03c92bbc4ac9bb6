/** Two disk servers of one resource as processes of this host, each with a run directory of its own. */
import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { isAlive, readProcessStat, signalProcess } from "../../lab/machine/process-identity.ts";
import { freePort } from "../../lab/network/free-port.ts";
import type { DiskResourceStatus } from "../../src/api/disk-status.ts";
import type { DrbdResourceConfig } from "../../src/formats/drbd-conf/resource-config.ts";
import { connectControl, controlRequest } from "../../src/host/control/control-client.ts";
import { resourceConfig } from "./resource-config.ts";

const root = path.resolve(import.meta.dirname, "../..");
const program = path.join(root, "src/daemon/disk-server/main.ts");
const name = "r0";
/** Who is slow for a while, since the machine has much to do, is not gone: what a test counts would be otherwise. */
const patience = "net { ping-timeout 300;";
const run = promisify(execFile);

export class PairNode {
  readonly file: string;
  /** Where it has everything of its own, its certificates among them. */
  readonly run: string;
  readonly #host: "one" | "two";
  readonly #ports: readonly [own: number, peer: number];
  readonly #more: string;
  readonly #metaDisk: string;
  readonly #secondFile: string | undefined;
  #process: ChildProcess | undefined;
  #wasRestarted = false;

  constructor(options: {
    readonly directory: string;
    readonly host: "one" | "two";
    readonly ports: readonly [number, number];
    readonly sizeBytes: number;
    readonly more: string;
    /** The words of drbd.conf's `meta-disk`; internal when not given. */
    readonly metaDisk?: string;
    /** There is a volume 1, as large as the first. */
    readonly secondDisk?: boolean;
    /** The disk and its metadata are there: another node of this directory has made or used them. */
    readonly keepDisk?: boolean;
  }) {
    this.run = path.join(options.directory, options.host);
    this.#host = options.host;
    this.#ports = options.ports;
    this.#more = options.more;
    this.#metaDisk = options.metaDisk ?? "internal";
    this.file = path.join(options.directory, `${options.host}.img`);
    mkdirSync(this.run, { recursive: true });
    this.#secondFile =
      options.secondDisk === true
        ? path.join(options.directory, `${options.host}-1.img`)
        : undefined;
    if (options.keepDisk === true) return;
    for (const file of this.files) {
      writeFileSync(file, "");
      truncateSync(file, options.sizeBytes);
      createMetadata(file, this.#environment());
    }
  }

  /** Of its volumes, by their numbers. */
  get files(): readonly string[] {
    return this.#secondFile === undefined ? [this.file] : [this.file, this.#secondFile];
  }

  /** Resolves when it serves. */
  async start(): Promise<void> {
    const log = openSync(path.join(this.run, "log"), "a");
    const child = spawn(process.execPath, [program, name, "--config-stdin"], {
      env: { ...this.#environment(), HOLDFAST_READY_FD: "3" },
      stdio: ["pipe", log, log, "pipe"],
    });
    this.#process = child;
    // If it ends before it has read its configuration, its last line says why.
    child.stdin?.on("error", () => {});
    child.stdin?.end(JSON.stringify(this.#config(this.#more)));
    let line = "";
    for await (const chunk of child.stdio[3] as Readable) line += chunk;
    if (line.trim() !== "{}")
      throw new Error(`${this.#host} does not start: ${line}\n${this.log()}`);
  }

  async up(): Promise<void> {
    await this.start();
    for (const volume of this.files.keys()) await this.ask("attach", { volume });
    await this.ask("connect");
  }

  /** The backing file is made larger. */
  grow(sizeBytes: number): void {
    truncateSync(this.file, sizeBytes);
  }

  /** Ends the process in order. */
  async down(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    await this.ask("shutdown");
    await ended;
  }

  /** By `holdfast drbd restart`: the server is that command's child from then on. */
  async restart(): Promise<void> {
    await run(path.join(root, "bin/holdfast"), ["drbd", "restart", name], {
      env: this.#environment(),
    });
    this.#process = undefined;
    this.#wasRestarted = true;
  }

  /** As `drbdadm adjust` after drbd.conf has changed to `more`. */
  async adjust(more: string): Promise<void> {
    await this.ask("adjust", { config: this.#config(more) });
  }

  /** Ends the process at once. */
  async kill(): Promise<void> {
    if (this.#wasRestarted) {
      this.#wasRestarted = false;
      return this.#killRestarted();
    }
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null)
      return Promise.resolve();
    return new Promise((resolve) => {
      child.once("exit", () => resolve());
      child.kill("SIGKILL");
    });
  }

  ask(method: string, params: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    return controlRequest(this.#controlSocket(), `server ${this.#host}`, method, params);
  }

  async status(): Promise<DiskResourceStatus> {
    return (await this.ask("status")) as DiskResourceStatus;
  }

  /** Until the condition holds for the status. */
  async until(condition: (status: DiskResourceStatus) => boolean): Promise<DiskResourceStatus> {
    const connection = await connectControl(this.#controlSocket(), `server ${this.#host}`);
    try {
      return await new Promise((resolve, reject) => {
        const look = (status: DiskResourceStatus): void => {
          if (condition(status)) resolve(status);
        };
        connection.onEvent((_event, data) => look(data as DiskResourceStatus));
        connection.onClose(() => reject(new Error(`${this.#host} has ended\n${this.log()}`)));
        connection.request("watch").then((status) => look(status as DiskResourceStatus), reject);
      });
    } finally {
      connection.close();
    }
  }

  /** Of the server's process, as this object has started it. */
  get pid(): number {
    if (this.#process?.pid === undefined) throw new Error(`${this.#host} does not run`);
    return this.#process.pid;
  }

  uri(exportName = "0", volume = 0): string {
    return `nbd+unix:///${exportName}?socket=${this.nbdSocket(volume)}`;
  }

  /** Where it listens for its peer. */
  get port(): number {
    return this.#ports[this.#host === "one" ? 0 : 1];
  }

  nbdSocket(volume = 0): string {
    return path.join(this.run, "nbd", `${name}-${volume}.sock`);
  }

  log(): string {
    const file = path.join(this.run, "log");
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  }

  #config(more: string): DrbdResourceConfig {
    return resourceConfig(name, {
      host: this.#host,
      disk: this.file,
      ports: this.#ports,
      metaDisk: this.#metaDisk,
      ...(this.#secondFile === undefined ? {} : { secondDisk: this.#secondFile }),
      more,
    });
  }

  /** It is nobody's child here; its lock says which process it is. */
  async #killRestarted(): Promise<void> {
    const pid = Number(readFileSync(path.join(this.run, "disk", `${name}.lock`), "utf8"));
    const server = readProcessStat(pid);
    if (server === undefined) return;
    signalProcess(server, "SIGKILL");
    while (isAlive(server)) await sleep(5);
  }

  #controlSocket(): string {
    return path.join(this.run, "disk", `${name}.sock`);
  }

  #environment(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      ...{ HOLDFAST_RUN_DIR: this.run, HOLDFAST_LOG_DIR: this.run, HOLDFAST_TLS_DIR: this.run },
      HOLDFAST_STATE_DIR: this.run,
    };
  }
}

export type ServerPair = {
  readonly one: PairNode;
  readonly two: PairNode;
  readonly directory: string;
};

export async function withPair(
  body: (pair: ServerPair) => Promise<void>,
  options: { readonly sizeBytes?: number; readonly more?: string } = {},
): Promise<void> {
  const directory = mkdtempSync(path.join(tmpdir(), "holdfast-pair-"));
  const { sizeBytes = 64 * 1024 * 1024, more = "disk { c-max-rate 1G; }" } = options;
  const [a, b] = await freePorts();
  const patient = /\bnet \{/.test(more) ? more.replace("net {", patience) : `${patience} } ${more}`;
  const common = { directory, sizeBytes, more: patient, ports: [a, b] as const };
  const one = new PairNode({ ...common, host: "one" });
  const two = new PairNode({ ...common, host: "two" });
  try {
    await body({ one, two, directory });
  } catch (error) {
    for (const node of [one, two]) process.stderr.write(`${lastLines(node.log())}\n`);
    throw error;
  } finally {
    await one.kill();
    await two.kill();
    rmSync(directory, { recursive: true });
  }
}

/** Both up and connected, `one` Primary, both UpToDate. */
export async function bringUp({ one, two }: ServerPair): Promise<void> {
  await Promise.all([one.up(), two.up()]);
  await one.until((status) => status.connection.state === "Connected");
  await one.ask("primary", { force: true });
  await one.until(isInSync);
}

export function isInSync(status: DiskResourceStatus): boolean {
  const [volume] = status.volumes;
  return (
    volume?.connectionState === "Connected" &&
    volume.disk === "UpToDate" &&
    volume.peerDisk === "UpToDate"
  );
}

/**
 * With drbd-utils' own tool: internal, as a new disk of DRBD 8.4. It is given no minor: it would lock that for the whole
 * machine, and gives up when another test has the lock for a second.
 */
export function createMetadata(file: string, env: NodeJS.ProcessEnv = process.env): void {
  const args = ["--force", "-", "v08", file, "internal", "create-md"];
  execFileSync("/usr/sbin/drbdmeta", args, { stdio: "ignore", env });
}

export async function freePorts(): Promise<[number, number]> {
  return [await freePort(), await freePort()];
}

function lastLines(text: string): string {
  return text.split("\n").slice(-25).join("\n");
}
