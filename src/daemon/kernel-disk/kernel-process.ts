/**
 * The process beside a resource of the kernel's DRBD: its lock, its control socket and its NBD sockets, as a disk
 * server of ours has them. It may end at any time: the kernel goes on, and the next one finds the resource as it is.
 */
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { DiskResourceStatus } from "../../api/disk-status.ts";
import type { DrbdResourceConfig } from "../../formats/drbd-conf/resource-config.ts";
import {
  type ControlClient,
  type ControlServer,
  serveControl,
} from "../../host/control/control-server.ts";
import { type DiskPaths, diskPaths } from "../../host/paths/run-paths.ts";
import { heldOpen } from "../disk-server/demotion.ts";
import type { DiskLog } from "../disk-server/disk-log.ts";
import { NbdServer } from "../disk-server/nbd/nbd-server.ts";
import { takeLock } from "../disk-server/server-lock.ts";
import { Turn } from "../disk-server/turn.ts";
import { KernelDisk } from "./kernel-disk.ts";
import { KernelFencing } from "./kernel-fencing.ts";
import { type KernelHost, kernelMethods } from "./kernel-methods.ts";
import { KernelVolumes } from "./kernel-volumes.ts";
import { KernelWatch } from "./kernel-watch.ts";

const leaveMs = 1000;
const lookAgainMs = 20;

export class KernelProcess implements KernelHost {
  readonly disk: KernelDisk;
  readonly fencing: KernelFencing;
  readonly #log: DiskLog;
  readonly #exit: (status: number) => void;
  readonly #paths: DiskPaths;
  readonly #watch: KernelWatch;
  readonly #volumes: KernelVolumes;
  readonly #nbd: NbdServer;
  readonly #clients = new Set<ControlClient>();
  #control: ControlServer | undefined;
  #unlock: () => void = () => {};

  constructor(options: {
    readonly config: DrbdResourceConfig;
    readonly log: DiskLog;
    readonly exit: (status: number) => void;
  }) {
    const { config, log } = options;
    this.#log = log;
    this.#exit = options.exit;
    this.#paths = diskPaths(config.name);
    const turn = new Turn();
    this.#watch = new KernelWatch({
      config: () => this.disk.config,
      isOpen: (volume) => this.#volumes.isOpen(volume),
      twoPrimariesWindow: () => this.disk.twoPrimariesWindow,
      changed: (status) => this.#changed(status),
      trouble: (message) => log.warn(message),
    });
    this.disk = new KernelDisk(config, this.#watch);
    this.fencing = new KernelFencing(config.name, () => this.disk.config.peer?.name ?? "");
    this.#volumes = new KernelVolumes({
      config: () => this.disk.config,
      status: () => this.#watch.status,
      answer: (reply) => this.#nbd.onIoReply(reply),
      turn,
      onUse: () => this.#watch.lookSoon(),
    });
    this.#nbd = new NbdServer({ service: this.#volumes, turn, onClient: (what) => log.warn(what) });
  }

  /** @throws UserError when the resource is served already, or the kernel refuses it. */
  async start(): Promise<void> {
    const { name, volumes } = this.disk.config;
    this.#unlock = takeLock(this.#paths.lock, name);
    this.keepConfig(this.disk.config);
    await this.disk.make();
    await this.#watch.start();
    for (const { number } of volumes) {
      const socketPath = this.#paths.nbdSocket(number);
      mkdirSync(path.dirname(socketPath), { recursive: true, mode: 0o700 });
      await this.#nbd.listen(socketPath, number);
    }
    this.#control = await serveControl({
      socketPath: this.#paths.controlSocket,
      methods: kernelMethods(this),
      onBug: (error) => this.fail(error),
    });
  }

  watch(client: ControlClient): void {
    this.#clients.add(client);
    client.onClose(() => this.#clients.delete(client));
  }

  async demote(): Promise<void> {
    await this.#awaitUnused();
    // Safety: whoever writes through us would lose his disk; the kernel only sees that we have it open.
    if (this.#nbd.openCount > 0)
      throw heldOpen(this.disk.config.name, "a guest or another NBD client uses it");
    await this.disk.secondary();
  }

  /** A guest that has just ended may still be on its way out, and the kernel's device with it. */
  async #awaitUnused(): Promise<void> {
    const end = performance.now() + leaveMs;
    while ((this.#nbd.openCount > 0 || this.#volumes.isClosing) && performance.now() < end) {
      await sleep(lookAgainMs);
    }
  }

  keepConfig(config: DrbdResourceConfig): void {
    const draft = `${this.#paths.config}.new`;
    // It may hold the shared secret.
    writeFileSync(draft, `${JSON.stringify(config)}\n`, { mode: 0o600 });
    renameSync(draft, this.#paths.config);
  }

  async shutdown(force: boolean): Promise<void> {
    if (!force) await this.#awaitUnused();
    if (!force && this.#nbd.openCount > 0)
      throw heldOpen(this.disk.config.name, "a guest or another NBD client uses it");
    await this.disk.down();
    this.#watch.close();
    this.#nbd.close();
    this.#log.info("ended; the kernel does not have it any more");
    rmSync(this.#paths.config, { force: true });
    // Safety: closing a socket removes its file. Once the lock is free that file may be the next process's.
    this.#control?.withdraw();
    this.#unlock();
    // The answer first: it is with the kernel before the next turn of the event loop.
    setImmediate(() => void this.#leave());
  }

  leaveToNext(): void {
    this.#watch.close();
    this.#nbd.close();
    this.#control?.withdraw();
    this.#unlock();
    this.#log.info("ended; the kernel goes on");
    setImmediate(() => void this.#leave());
  }

  /** SIGTERM: this process ends, the kernel's resource does not. */
  onTerminate(): void {
    this.leaveToNext();
  }

  fail(error: unknown): void {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#log.error(`internal error, stopping: ${text}`);
    this.#exit(70);
  }

  #changed(status: DiskResourceStatus | undefined): void {
    if (status === undefined) {
      this.#log.warn("the kernel does not have it any more: taken down by somebody else");
      return;
    }
    for (const client of this.#clients) client.sendEvent("status", status);
  }

  async #leave(): Promise<void> {
    await this.#control?.close();
    this.#exit(0);
  }
}
