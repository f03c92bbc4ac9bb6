/**
 * Two nodes on this machine that run guests in real QEMUs: each with directories, NBD sockets and a driver of its own.
 * Everything lies in one temporary directory and ends with close().
 */
import { createHmac } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { quickBoot } from "../../../lab/guest/guest-kernel.ts";
import type { Guest } from "../../../src/agents/guest/guest.ts";
import type { GuestDriver } from "../../../src/agents/guest/guest-driver.ts";
import { accelerators } from "../../../src/agents/qemu/accelerator.ts";
import { qemuDriver } from "../../../src/agents/qemu/qemu-driver.ts";
import { hostClock } from "../../../src/host/clock.ts";
import { hostFiles } from "../../../src/host/files/files.ts";
import { hostLineConnections } from "../../../src/host/line-connections/line-connections.ts";
import { hostProcesses } from "../../../src/host/processes/processes.ts";
import type { LineConnection, LineConnections } from "../../../src/ports/line-connections.ts";
import type { Processes, ProcessIdentity, ProcessSignal } from "../../../src/ports/processes.ts";
import { type NodeVolumes, SharedVolumes } from "../../doubles/shared-volumes.ts";
import type { GuestImage } from "./guest-image.ts";

export type QemuWorld = {
  readonly volumes: SharedVolumes;
  readonly one: QemuNode;
  readonly two: QemuNode;
  readonly directory: string;
  close(): Promise<void>;
};

/** @param programs runs the programs of the first and of the second node. */
export async function qemuWorld(
  resources: readonly string[],
  programs: readonly [Processes, Processes] = [hostProcesses(), hostProcesses()],
): Promise<QemuWorld> {
  // Short: a unix socket's path has at most 107 bytes.
  const directory = mkdtempSync("/tmp/hf-guests-");
  const volumes = new SharedVolumes(resources);
  const node = async (name: string, processes: Processes): Promise<QemuNode> => {
    const own = volumes.addNode(name, path.join(directory, name, "nbd"));
    await own.serveOverNbd();
    return new QemuNode(name, path.join(directory, name), own, processes);
  };
  const one = await node("xen1", programs[0]);
  const two = await node("xen2", programs[1]);
  return {
    volumes,
    one,
    two,
    directory,
    close: async () => {
      for (const each of [one, two]) each.killAll();
      await volumes.close();
      rmSync(directory, { recursive: true });
    },
  };
}

export class QemuNode {
  readonly name: string;
  readonly directory: string;
  readonly volumes: NodeVolumes;
  readonly processes: Processes;
  /** Sees every line that a QEMU of this node says, before the driver does. */
  onQmpLine: (line: string) => void = () => undefined;
  readonly #connections = new Set<LineConnection>();
  #driver: GuestDriver;

  constructor(name: string, directory: string, volumes: NodeVolumes, processes: Processes) {
    this.name = name;
    this.directory = directory;
    this.volumes = volumes;
    this.processes = processes;
    this.#driver = this.#makeDriver();
  }

  get driver(): GuestDriver {
    return this.#driver;
  }

  /** As when holdfastd is killed and started again: connections end, guests live on. */
  restart(): void {
    for (const connection of this.#connections) connection.close();
    this.#connections.clear();
    this.#driver = this.#makeDriver();
  }

  qemus(): readonly ProcessIdentity[] {
    return this.processes.find(`-pidfile ${this.directory}/guests/`);
  }

  signal(signal: ProcessSignal): void {
    for (const each of this.qemus()) this.processes.signal(each, signal);
  }

  async crash(): Promise<void> {
    // A process that ends has no command line for a moment before it is gone: it is watched as itself, not looked for.
    const ending = this.qemus();
    this.signal("SIGKILL");
    while (ending.some((each) => this.processes.isAlive(each))) await hostClock().sleep(10);
  }

  killAll(): void {
    this.signal("SIGKILL");
  }

  /** What the guest has written to its console here. */
  console(guest: string): string {
    try {
      return readFileSync(`${this.directory}/log/guest-${guest}.log`, "utf8");
    } catch {
      return "";
    }
  }

  /** Waits until the guest has written something that matches. */
  async untilConsole(guest: string, pattern: RegExp): Promise<string> {
    for (;;) {
      const found = pattern.exec(this.console(guest))?.[0];
      if (found !== undefined) return found;
      await hostClock().sleep(50);
    }
  }

  #makeDriver(): GuestDriver {
    const files = hostFiles();
    return qemuDriver({
      processes: this.processes,
      files,
      clock: hostClock(),
      lineConnections: this.#trackedConnections(),
      volumes: this.volumes,
      accelerators: accelerators(
        { files, processes: this.processes },
        path.resolve(import.meta.dirname, "../../../.cache/guest-tests/accelerator.json"),
      ),
      directories: { run: `${this.directory}/guests`, log: `${this.directory}/log` },
      migrationPorts: { first: 49152, last: 49215 },
      migrationKey: (id) => createHmac("sha256", "test").update(id).digest("hex"),
    });
  }

  #trackedConnections(): LineConnections {
    const { connect } = hostLineConnections();
    return {
      connect: async (socketPath) => {
        const connection = await connect(socketPath);
        this.#connections.add(connection);
        connection.onLine((line) => this.onQmpLine(line));
        connection.onClose(() => this.#connections.delete(connection));
        return connection;
      },
    };
  }
}

export function testGuest(image: GuestImage, resources: readonly string[]): Guest {
  return {
    name: "host1",
    kernel: image.kernel,
    ramdisk: image.ramdisk,
    memoryMib: 160,
    vcpus: 1,
    commandLine: `root=/dev/xvda ro ${quickBoot}`,
    disks: resources.map((resource, i) => ({
      vdev: i === 0 ? "xvda" : "xvdb",
      readOnly: false,
      source: { kind: "drbd", resource },
    })),
    nics: [],
    onReboot: "restart",
    onCrash: "destroy",
    migratable: true,
  };
}
