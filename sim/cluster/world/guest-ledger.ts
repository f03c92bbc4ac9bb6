/**
 * What a guest does: it appends numbered records to its first volume, one after the other, each acknowledged to the world
 * only when it is on stable storage; and when it is powered on, it reads them all. A record that was acknowledged and is
 * not found is lost: the law that everything else is for.
 */
import { assert } from "../../../src/base/assert.ts";
import type { IoRequest } from "../../../src/core/replication/io.ts";
import { simSectorBytes } from "../../kernel/sim-disk.ts";
import type { IoOutcome } from "../../replication/sim-node.ts";
import type { SimHost } from "./sim-host.ts";

/** The ledger is a ring of so many sectors. */
const slots = 128;
export const ledgerBytes: number = slots * simSectorBytes;

/** What executes: one power-on of the guest, wherever it was moved to since. */
type Run = {
  readonly image: number;
  next: number | undefined;
  restUntilMs: number;
  /** The request without an answer. */
  attempt: { readonly host: SimHost; readonly serverStarts: number } | undefined;
};

export type LedgerWatcher = {
  /** A record that was acknowledged is not there. */
  lost(guest: string, message: string): void;
  acknowledged(guest: string, record: number, host: SimHost): void;
};

export class GuestLedger {
  readonly guest: string;
  /** The last acknowledged record; 0 before the first. */
  acknowledged = 0;
  readonly #drbdResource: string;
  readonly #watcher: LedgerWatcher;
  readonly #restMs: () => number;
  /** By slot: the record that was acknowledged last there. */
  readonly #known = new Map<number, { readonly record: number; readonly image: number }>();
  readonly #runs = new Map<number, Run>();

  constructor(options: {
    readonly guest: string;
    readonly drbdResource: string;
    readonly watcher: LedgerWatcher;
    /** The pause before the next record. */
    restMs(): number;
  }) {
    this.guest = options.guest;
    this.#drbdResource = options.drbdResource;
    this.#watcher = options.watcher;
    this.#restMs = () => options.restMs();
  }

  /** Lets every executing copy go on. To be called often. */
  poll(hosts: readonly SimHost[], nowMs: number): void {
    const present = new Set(hosts.map((host) => host.guests.image(this.guest)));
    for (const image of this.#runs.keys()) if (!present.has(image)) this.#runs.delete(image);
    for (const host of hosts) {
      const image = host.guests.image(this.guest);
      if (image === undefined || !host.isAwake || !host.guests.executes(this.guest)) continue;
      const run = this.#runs.get(image) ?? {
        ...{ image, next: undefined, restUntilMs: nowMs },
        attempt: undefined,
      };
      this.#runs.set(image, run);
      this.#goOn(run, host, nowMs);
    }
  }

  /** A request of the copy on this host is under way. */
  isBusy(host: SimHost): boolean {
    return [...this.#runs.values()].some(({ attempt }) => attempt?.host === host);
  }

  /** What a copy of the volume lacks of what was acknowledged; undefined when it has all. */
  lackOf(ledger: Uint8Array): string | undefined {
    for (const [slot, { record, image }] of this.#known) {
      const found = recordAt(ledger, slot);
      // A newer record in the slot was never acknowledged, but may be there.
      if (found.record > record) continue;
      if (found.record < record || found.image !== image) {
        const instead = found.record === 0 ? "nothing" : `record ${found.record}`;
        return `record ${record} was acknowledged, and ${instead} is there`;
      }
    }
    return undefined;
  }

  #goOn(run: Run, host: SimHost, nowMs: number): void {
    const { attempt } = run;
    const serverStarts = host.drives.starts(this.#drbdResource);
    // Its disk server was started anew: the process asks again what was not answered.
    const isOver = attempt !== undefined && attempt.serverStarts !== serverStarts;
    if (attempt !== undefined && !isOver) return;
    if (nowMs < run.restUntilMs || !host.drives.isConnected(this.#drbdResource)) return;
    const mine = { host, serverStarts };
    run.attempt = mine;
    const { next } = run;
    const request = next === undefined ? readAll : appendOf(next, run.image);
    host.drives.io(this.#drbdResource, request, (outcome) =>
      host.whenAwake(() => {
        if (run.attempt !== mine) return;
        run.attempt = undefined;
        this.#onOutcome(run, host, outcome);
      }),
    );
  }

  #onOutcome(run: Run, host: SimHost, outcome: IoOutcome): void {
    if (this.#runs.get(run.image) !== run) return;
    if (outcome.error !== undefined) {
      host.guests.disturb(this.guest, { does: "has no disk" });
      return;
    }
    if (run.next === undefined) {
      assert(outcome.bytes !== undefined, "a read that succeeded has bytes");
      this.#onRead(run, outcome.bytes, host);
      return;
    }
    this.#known.set(run.next % slots, { record: run.next, image: run.image });
    this.acknowledged = Math.max(this.acknowledged, run.next);
    this.#watcher.acknowledged(this.guest, run.next, host);
    run.next++;
    run.restUntilMs = host.nowMs + this.#restMs();
  }

  #onRead(run: Run, ledger: Uint8Array, host: SimHost): void {
    const lack = this.lackOf(ledger);
    if (lack !== undefined) this.#watcher.lost(this.guest, `${host.name}: ${lack}`);
    const found = Array.from({ length: slots }, (_, slot) => recordAt(ledger, slot).record);
    run.next = Math.max(0, ...found) + 1;
  }
}

function readAll(id: number): IoRequest {
  return { kind: "read", id, volume: 0, offset: 0, length: ledgerBytes };
}

function appendOf(record: number, image: number): (id: number) => IoRequest {
  const bytes = new Uint8Array(simSectorBytes);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, record);
  view.setUint32(4, image);
  const offset = (record % slots) * simSectorBytes;
  return (id) => ({ kind: "write", id, volume: 0, offset, bytes, fua: true });
}

function recordAt(
  ledger: Uint8Array,
  slot: number,
): { readonly record: number; readonly image: number } {
  const view = new DataView(ledger.buffer, ledger.byteOffset + slot * simSectorBytes, 8);
  return { record: view.getUint32(0), image: view.getUint32(4) };
}
