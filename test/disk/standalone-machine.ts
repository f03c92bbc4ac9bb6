/**
 * A machine without replication, for tests and for the floor of the benchmark: roles, attach and detach, and requests
 * that go straight to the local disk. It keeps what the disk server relies on: writes only as Primary, no demotion
 * while open.
 */
import type { DiskResourceStatus, DiskVolumeStatus } from "../../src/api/disk-status.ts";
import type { DrbdEffect } from "../../src/core/replication/effects.ts";
import type { AdminEvent, DrbdEvent } from "../../src/core/replication/events.ts";
import type { ServedMachine } from "../../src/daemon/disk-server/disk-server.ts";

const counters: DiskVolumeStatus["counters"] = {
  sentKib: 0,
  receivedKib: 0,
  writtenKib: 0,
  readKib: 0,
  alWrites: 0,
  bitmapWrites: 0,
  localPending: 0,
  peerPending: 0,
  unacknowledged: 0,
  applicationPending: 0,
  epochs: 0,
  outOfSyncKib: 0,
};

export class StandaloneMachine implements ServedMachine {
  /** The id of the request that a storage effect is for, by token. */
  readonly #ids = new Map<number, number>();
  readonly #name: string;
  #token = 0;
  #isPrimary = false;
  #sizeBytes = 0;
  #openCount = 0;

  constructor(name = "r0") {
    this.#name = name;
  }

  handle(event: DrbdEvent): readonly DrbdEffect[] {
    switch (event.kind) {
      case "admin":
        return this.#onAdmin(event);
      case "device-opened":
        this.#openCount++;
        return [];
      case "device-released":
        this.#openCount--;
        return [];
      case "disk-done": {
        const id = this.#ids.get(event.token) ?? -1;
        this.#ids.delete(event.token);
        if (event.error === undefined) return [{ kind: "io-reply", id }];
        const error = event.error === "ENOSPC" ? "no-space" : "io-error";
        return [{ kind: "io-reply", id, error }];
      }
      case "read":
      case "write":
      case "flush":
      case "discard":
      case "write-zeroes":
        if (!this.#isPrimary) return [{ kind: "io-reply", id: event.id, error: "not-primary" }];
        return [this.#storageEffect(event)];
      default:
        return [];
    }
  }

  nextDeadline(): undefined {
    return undefined;
  }

  readsLocally(): boolean {
    return this.#isPrimary;
  }

  changedBlocks(): undefined {
    return undefined;
  }

  status(): DiskResourceStatus {
    const isAttached = this.#sizeBytes > 0;
    return {
      name: this.#name,
      role: this.#isPrimary ? "Primary" : "Secondary",
      suspended: { user: false, noData: false, fencing: false },
      writeOrdering: "flush",
      twoPrimariesWindow: false,
      connection: {
        state: "StandAlone",
        peerName: "",
        peerRole: "Unknown",
        local: "",
        remote: "",
        congested: false,
      },
      roleChanges: [],
      volumes: [
        {
          volume: 0,
          minor: 0,
          device: "/dev/drbd0",
          connectionState: "StandAlone",
          disk: isAttached ? "UpToDate" : "Diskless",
          peerDisk: "DUnknown",
          sizeKib: this.#sizeBytes / 1024,
          isOpen: this.#openCount > 0,
          resyncSuspended: { user: false, peer: false, dependency: false },
          alSuspended: false,
          counters,
          lastSyncDecision: "",
        },
      ],
    };
  }

  #onAdmin({ id, command }: AdminEvent): readonly DrbdEffect[] {
    const changed: DrbdEffect = { kind: "status-changed" };
    const done: DrbdEffect = { kind: "admin-reply", id, result: { ok: true } };
    switch (command.name) {
      case "attach":
        this.#sizeBytes = command.dataBytes;
        return [changed, done];
      case "detach":
        this.#sizeBytes = 0;
        return [{ kind: "close-backing-device", volume: command.volume }, changed, done];
      case "primary":
        this.#isPrimary = true;
        return [changed, done];
      case "secondary":
        if (this.#openCount > 0) return [refused(id, -12, "Device is held open by someone")];
        this.#isPrimary = false;
        return [changed, done];
      default:
        return [refused(id, 0, `${command.name} is nothing for a machine without a peer`)];
    }
  }

  #storageEffect(
    event: Extract<DrbdEvent, { kind: "read" | "write" | "flush" | "discard" | "write-zeroes" }>,
  ): DrbdEffect {
    const { id, volume } = event;
    if (event.kind === "read")
      return { kind: "io-read", id, volume, offset: event.offset, length: event.length };
    const token = ++this.#token;
    this.#ids.set(token, id);
    const effect = { token, volume, device: "data" } as const;
    switch (event.kind) {
      case "flush":
        return { kind: "disk-flush", ...effect };
      case "write": {
        const { offset, bytes, fua: durable } = event;
        return { kind: "disk-write", ...effect, offset, bytes, durable };
      }
      default: {
        const { offset, length, mayUnmap, fua: durable } = event;
        return { kind: "disk-zero", ...effect, offset, length, mayUnmap, durable };
      }
    }
  }
}

function refused(id: number, code: number, message: string): DrbdEffect {
  return { kind: "admin-reply", id, result: { ok: false, code, message } };
}
