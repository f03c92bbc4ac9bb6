/**
 * A disk server as a process: its lock, its sockets, its orderly end. The order of the end matters to whoever waits
 * for it: devices, sockets and lock are free before the answer is given, and the process goes after that.
 */
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { UserError } from "../../api/user-error.ts";
import type { DrbdResourceConfig } from "../../formats/drbd-conf/resource-config.ts";
import { connectControl } from "../../host/control/control-client.ts";
import { type ControlServer, serveControl } from "../../host/control/control-server.ts";
import { type DiskPaths, diskPaths } from "../../host/paths/run-paths.ts";
import { controlMethods } from "./control-methods.ts";
import { demote, demoteUnderClients, heldOpen } from "./demotion.ts";
import type { DiskLog } from "./disk-log.ts";
import { DiskServer, type ServedMachine } from "./disk-server.ts";
import { ResyncWatch } from "./resync-watch.ts";
import { takeLock } from "./server-lock.ts";
import type { EndOptions, ServerProcess } from "./server-process.ts";

export type ServedProcessOptions = {
  readonly config: DrbdResourceConfig;
  readonly machine: ServedMachine;
  readonly log: DiskLog;
  /** Ends the process. */
  readonly exit: (status: number) => void;
};

export class ServedProcess implements ServerProcess {
  readonly server: DiskServer;
  config: DrbdResourceConfig;
  readonly #options: ServedProcessOptions;
  readonly #paths: DiskPaths;
  readonly #resyncWatch: ResyncWatch;
  #control: ControlServer | undefined;
  #unlock: () => void = () => {};
  #isEnding = false;

  constructor(options: ServedProcessOptions) {
    this.#options = options;
    this.config = options.config;
    this.#paths = diskPaths(options.config.name);
    this.server = new DiskServer(options);
    this.#resyncWatch = new ResyncWatch({
      config: () => this.config,
      waits: (volume) => this.#waitsForOther(volume),
      order: (volume, waits) => {
        void this.server.admin.run({ name: "resync-order", volume, waits });
      },
      connect: (resource) => connectControl(diskPaths(resource).controlSocket, "holdfast-disk"),
    });
  }

  /** @throws UserError when the resource is served already, or a socket cannot be made. */
  async start(): Promise<void> {
    const { name, volumes } = this.config;
    this.#unlock = takeLock(this.#paths.lock, name);
    this.keepConfig(this.config);
    for (const { number } of volumes) {
      const socketPath = this.#paths.nbdSocket(number);
      mkdirSync(path.dirname(socketPath), { recursive: true, mode: 0o700 });
      await this.server.nbd.listen(socketPath, number);
    }
    this.#control = await serveControl({
      socketPath: this.#paths.controlSocket,
      methods: controlMethods(this),
      onBug: (error) => this.fail(error),
    });
    this.#resyncWatch.start();
  }

  keepConfig(config: DrbdResourceConfig): void {
    const draft = `${this.#paths.config}.new`;
    // It may hold the shared secret.
    writeFileSync(draft, `${JSON.stringify(config)}\n`, { mode: 0o600 });
    renameSync(draft, this.#paths.config);
  }

  async shutdown({ force, clientsReturn }: EndOptions): Promise<void> {
    const { server } = this;
    if (this.#isEnding) throw new UserError("HF2140", "the disk server is ending already");
    if (clientsReturn) await demoteUnderClients(server, this.config);
    else if (!force) await demote(server, this.config);
    if (!force && server.nbd.openCount > 0)
      throw heldOpen(this.config.name, "a client waits on a standby export");
    this.#isEnding = true;
    try {
      await this.#disconnect();
      for (const { number } of this.config.volumes) await this.#detach(number, force);
    } catch (error) {
      this.#isEnding = false;
      server.nbd.readmit();
      throw error;
    }
    await server.stop();
    this.#options.log.info("ended");
    rmSync(this.#paths.config, { force: true });
    // Safety: closing a socket removes its file. Once the lock is free that file may be the next server's.
    this.#control?.withdraw();
    this.#unlock();
    this.#unlock = () => {};
    // The answer first: it is with the kernel before the next turn of the event loop.
    setImmediate(() => void this.#leave());
  }

  /** SIGTERM: as `shutdown`; a refusal is only said. */
  async onTerminate(): Promise<void> {
    try {
      await this.shutdown({ force: false, clientsReturn: false });
    } catch (error) {
      if (!(error instanceof UserError)) this.fail(error);
      else this.#options.log.error(`asked to end, and refused: ${error.message}`);
    }
  }

  /** Fail-stop: a machine that is not sure of itself does nothing more. */
  fail(error: unknown): void {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#options.log.error(`internal error, stopping: ${text}`);
    this.#options.exit(70);
  }

  async #disconnect(): Promise<void> {
    const { server } = this;
    if (server.status().connection.state === "StandAlone") return;
    const graceful = await server.admin.ask({ name: "disconnect" });
    // A peer that refuses (it is Primary, with fencing) cannot keep this node: it will see the connection go.
    if (!graceful.ok) await server.admin.ask({ name: "disconnect", force: true });
  }

  async #detach(volume: number, force: boolean): Promise<void> {
    const status = this.server.status().volumes.find((one) => one.volume === volume);
    if (status !== undefined && status.disk !== "Diskless") await this.server.detach(volume, force);
  }

  #waitsForOther(volume: number): boolean {
    const status = this.server.status().volumes.find((one) => one.volume === volume);
    return status?.resyncSuspended.dependency === true;
  }

  /** Ends the control socket and gives the lock back. */
  async close(): Promise<void> {
    this.#resyncWatch.stop();
    this.#unlock();
    this.#unlock = () => {};
    await this.#control?.close();
    this.#control = undefined;
  }

  async #leave(): Promise<void> {
    await this.close();
    this.#options.exit(0);
  }
}
