/**
 * A host's disk servers as its guests' processes and its agents use them: exports that are opened and reconnected, reads
 * and writes, and the port through which agents ask for roles.
 */
import { present } from "../../../src/base/assert.ts";
import type { AdminCommand } from "../../../src/core/replication/events.ts";
import type { IoRequest } from "../../../src/core/replication/io.ts";
import type { VolumeAnswer, VolumeExport, VolumeStatus } from "../../../src/ports/volumes.ts";
import type { OpenVolumes } from "../../guests/simulated-guests.ts";
import type { SimClock } from "../../kernel/sim-clock.ts";
import type { IoOutcome, SimNode } from "../../replication/sim-node.ts";

type Holder = { readonly exported: VolumeExport; connected: boolean };

type Served = {
  readonly server: SimNode;
  /** Counts the server's starts: what an older one was asked is not answered. */
  starts: number;
  readonly holders: Set<Holder>;
  /** Who waits for a server's answer hears when it is gone. */
  readonly waiting: Set<() => void>;
};

const askMs = 0.2;

export class GuestDrives implements OpenVolumes {
  readonly #clock: SimClock;
  readonly #served = new Map<string, Served>();

  constructor(clock: SimClock) {
    this.#clock = clock;
  }

  add(drbdResource: string, server: SimNode): void {
    this.#served.set(drbdResource, { server, starts: 0, holders: new Set(), waiting: new Set() });
  }

  server(drbdResource: string): SimNode | undefined {
    return this.#served.get(drbdResource)?.server;
  }

  starts(drbdResource: string): number {
    return this.#served.get(drbdResource)?.starts ?? 0;
  }

  nbdExport(drbdResource: string, { standby }: { readonly standby: boolean }): VolumeExport {
    return { socketPath: drbdResource, exportName: standby ? "standby-0" : "0" };
  }

  open(wanted: VolumeExport): boolean {
    const served = this.#served.get(wanted.socketPath);
    const holder = { exported: wanted, connected: false };
    if (served === undefined || !connect(served, holder)) return false;
    served.holders.add(holder);
    return true;
  }

  closed(was: VolumeExport): void {
    const served = present(this.#served.get(was.socketPath), "the closed export's server");
    for (const holder of served.holders) {
      if (holder.exported !== was) continue;
      served.holders.delete(holder);
      if (holder.connected) served.server.event({ kind: "device-released", volume: 0 });
    }
  }

  /** As a disk server cuts its clients off: what was asked for before is done, and nobody is told. */
  cutOff(drbdResource: string): void {
    const served = this.#served.get(drbdResource);
    for (const holder of served?.holders ?? []) {
      if (holder.connected) served?.server.event({ kind: "device-released", volume: 0 });
      holder.connected = false;
    }
    served?.holders.clear();
  }

  onServerEnd(drbdResource: string): void {
    const served = present(this.#served.get(drbdResource), "the server that has ended");
    for (const holder of served.holders) holder.connected = false;
    for (const wake of [...served.waiting]) wake();
    served.waiting.clear();
  }

  onServerStart(drbdResource: string): void {
    present(this.#served.get(drbdResource), "the server that was started").starts++;
  }

  /** NBD clients try again for ever to reach what they had open. */
  reconnect(): void {
    for (const served of this.#served.values()) {
      for (const holder of served.holders) if (!holder.connected) connect(served, holder);
    }
  }

  /** Whether requests of the guest's process reach the server now. */
  isConnected(drbdResource: string): boolean {
    const served = this.#served.get(drbdResource);
    return served !== undefined && [...served.holders].some((holder) => holder.connected);
  }

  /** The answer never comes when the server ends first. */
  io(
    drbdResource: string,
    request: (id: number) => IoRequest,
    done: (outcome: IoOutcome) => void,
  ): void {
    present(this.server(drbdResource), "the drive's server").io(request, done);
  }

  /** @param bound what keeps an answer from a process that is gone meanwhile. */
  async status(
    drbdResource: string,
    bound: (run: () => void) => () => void,
  ): Promise<VolumeAnswer<VolumeStatus>> {
    return await new Promise((resolve) => {
      const answer = bound(() => resolve(this.#statusNow(drbdResource)));
      this.#clock.after(askMs, answer);
    });
  }

  async admin(
    drbdResource: string,
    command: AdminCommand,
    bound: (run: () => void) => () => void,
  ): Promise<VolumeAnswer<void>> {
    return await new Promise((resolve) => {
      const served = this.#served.get(drbdResource);
      let ended = false;
      const end = (answer: VolumeAnswer<void>): void => {
        if (ended) return;
        ended = true;
        served?.waiting.delete(gone);
        this.#clock.after(
          askMs,
          bound(() => resolve(answer)),
        );
      };
      const gone = (): void => end(notAsked);
      if (served?.server.running !== true) {
        gone();
        return;
      }
      served.waiting.add(gone);
      served.server.admin(command, (result) =>
        end(result.ok ? { ok: true, value: undefined } : result),
      );
    });
  }

  #statusNow(drbdResource: string): VolumeAnswer<VolumeStatus> {
    const status = this.server(drbdResource)?.status();
    const volume = status?.volumes[0];
    if (status === undefined || volume === undefined) return notAsked;
    return {
      ok: true,
      value: {
        role: status.role as VolumeStatus["role"],
        disk: volume.disk,
        peerRole: status.peerRole as VolumeStatus["role"],
        peerDisk: volume.peerDisk,
        connection: volume.conn,
        sizeBytes: volume.sizeBytes,
      },
    };
  }
}

const notAsked = { ok: false, code: 0, message: "its disk server does not answer" } as const;

function connect({ server }: Served, holder: Holder): boolean {
  const isStandby = holder.exported.exportName.startsWith("standby-");
  if (!server.running) return false;
  if (!isStandby && server.status()?.role !== "Primary") return false;
  holder.connected = true;
  server.event({ kind: "device-opened", volume: 0 });
  return true;
}
