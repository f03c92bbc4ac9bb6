/**
 * Two nodes with the real machine, simulated disks and a simulated network, in virtual time: for stories about the
 * protocol between them. What a test waits for comes in virtual milliseconds, or the test fails.
 */
import assert from "node:assert/strict";
import { SimClock } from "../../sim/kernel/sim-clock.ts";
import { SimNetwork } from "../../sim/kernel/sim-network.ts";
import { addPair, twoHosts } from "../../sim/replication/pair.ts";
import type { IoOutcome, SimNode } from "../../sim/replication/sim-node.ts";
import { Prng } from "../../src/base/prng.ts";
import type { DrbdEffect, Notice } from "../../src/core/replication/effects.ts";
import type { AdminCommand } from "../../src/core/replication/events.ts";
import type { DiskSettings, NetSettings } from "../../src/core/replication/settings.ts";
import type { VolumeStatus } from "../../src/core/replication/status.ts";

export const mib: number = 1024 * 1024;
export const blockBytes = 4096;

export type PairOptions = {
  /** Of both nodes. */
  readonly net?: Partial<NetSettings>;
  readonly disk?: Partial<DiskSettings>;
  /** Of bravo alone, over the others. */
  readonly bravoNet?: Partial<NetSettings>;
  readonly volumeBytes?: number;
};

const limitMs = 300_000;

export class Pair {
  readonly clock: SimClock = new SimClock();
  readonly network: SimNetwork;
  readonly alpha: SimNode;
  readonly bravo: SimNode;
  readonly volumeBytes: number;
  /** What each node has told, and sent: "alpha verify-done: …", "alpha send 2 P_DATA 4136". */
  readonly notices: (Notice & { readonly node: string })[] = [];
  readonly lines: string[] = [];
  readonly #prng = new Prng(7n);

  constructor(options: PairOptions = {}) {
    this.volumeBytes = options.volumeBytes ?? 4 * mib;
    this.network = new SimNetwork(this.clock, this.#prng.fork());
    const world = {
      clock: this.clock,
      network: this.network,
      prng: this.#prng,
      trace: { write: (line: string) => this.lines.push(line) },
    };
    const watcher = {
      onNotice: (of: SimNode, notice: Notice) => this.notices.push({ ...notice, node: of.name }),
      onFencePeer: () => {},
      onEvent: () => {},
    };
    const { net, disk, bravoNet } = options;
    [this.alpha, this.bravo] = addPair(world, watcher, {
      resource: "r0",
      hosts: twoHosts,
      volumeBytes: this.volumeBytes,
      ...(net === undefined ? {} : { net }),
      ...(disk === undefined ? {} : { disk }),
      ...(bravoNet === undefined ? {} : { secondNet: bravoNet }),
    });
  }

  /** Both disks new, connected, in sync without a sync. */
  static inSync(options: PairOptions = {}): Pair {
    const pair = new Pair(options);
    pair.start();
    pair.admin(pair.alpha, { name: "new-current-uuid", volume: 0, clearBitmap: true });
    pair.until(() => pair.bothUpToDate());
    return pair;
  }

  start(): void {
    this.alpha.start();
    this.bravo.start();
    this.until(() => this.both((v) => v.conn === "Connected"));
    // Each has heard from the other that it is.
    this.advance(10);
  }

  volume(node: SimNode): VolumeStatus {
    const volume = node.status()?.volumes[0];
    assert.ok(volume !== undefined, `${node.name} has a volume`);
    return volume;
  }

  both(is: (volume: VolumeStatus) => boolean): boolean {
    return [this.alpha, this.bravo].every((node) => is(this.volume(node)));
  }

  bothUpToDate(): boolean {
    return this.both(
      (v) => v.conn === "Connected" && v.disk === "UpToDate" && v.peerDisk === "UpToDate",
    );
  }

  until(condition: () => boolean, ms: number = limitMs): void {
    const end = this.clock.now + ms;
    while (!condition()) {
      if (this.clock.now >= end)
        assert.fail(`not within ${ms} ms:\n${this.lines.slice(-40).join("\n")}`);
      if (!this.clock.step(end)) this.advance(1);
    }
  }

  advance(ms: number): void {
    const end = this.clock.now + ms;
    while (this.clock.step(end));
  }

  /** @returns the refusal, undefined when it was done. */
  tryAdmin(node: SimNode, command: AdminCommand): { code: number; message: string } | undefined {
    let result: Parameters<Parameters<SimNode["admin"]>[1]>[0] | undefined;
    node.admin(command, (answer) => {
      result = answer;
    });
    this.until(() => result !== undefined);
    return result === undefined || result.ok ? undefined : result;
  }

  admin(node: SimNode, command: AdminCommand): void {
    const refusal = this.tryAdmin(node, command);
    assert.equal(refusal, undefined, `${node.name} ${command.name}: ${refusal?.message}`);
  }

  write(node: SimNode, offset: number, bytes: Uint8Array): IoOutcome {
    return this.#io(node, (id) => ({ kind: "write", id, volume: 0, offset, bytes, fua: false }));
  }

  /** With FUA. */
  writeThrough(node: SimNode, offset: number, bytes: Uint8Array): IoOutcome {
    return this.#io(node, (id) => ({ kind: "write", id, volume: 0, offset, bytes, fua: true }));
  }

  /** A write that is not waited for. */
  begin(
    node: SimNode,
    offset: number,
    bytes: Uint8Array,
    done: (error: IoOutcome["error"]) => void,
  ): void {
    node.io(
      (id) => ({ kind: "write", id, volume: 0, offset, bytes, fua: false }),
      (outcome) => done(outcome.error),
    );
  }

  /** A read that is not waited for. */
  beginRead(node: SimNode, offset: number, length: number): void {
    node.io(
      (id) => ({ kind: "read", id, volume: 0, offset, length }),
      () => {},
    );
  }

  zero(node: SimNode, offset: number, length: number): IoOutcome {
    const fua = false;
    return this.#io(node, (id) => {
      return { kind: "write-zeroes", id, volume: 0, offset, length, mayUnmap: true, fua };
    });
  }

  /** Nothing is under way on either node. */
  settled(): boolean {
    return this.both((v) => v.appPending + v.localPending + v.unacked + v.peerPending === 0);
  }

  read(node: SimNode, offset: number, length: number): IoOutcome {
    return this.#io(node, (id) => ({ kind: "read", id, volume: 0, offset, length }));
  }

  /** The nodes' data, compared byte by byte. */
  assertEqualData(): void {
    const [a, b] = [this.alpha, this.bravo].map((node) => node.disk.readNow(0, this.volumeBytes));
    assert.ok(
      a !== undefined && b !== undefined && Buffer.compare(a, b) === 0,
      "the data are equal",
    );
  }

  told(node: SimNode, code: string): readonly Notice[] {
    return this.notices.filter((notice) => notice.node === node.name && notice.code === code);
  }

  /** How many packets of this name a node has sent. */
  sent(node: SimNode, packet: string): number {
    const pattern = new RegExp(` ${node.name} r0 send \\d+ ${packet} `);
    return this.lines.filter((line) => pattern.test(line)).length;
  }

  #io(node: SimNode, request: Parameters<SimNode["io"]>[0]): IoOutcome {
    let outcome: IoOutcome | undefined;
    node.io(request, (done) => {
      outcome = done;
    });
    this.until(() => outcome !== undefined);
    assert.ok(outcome !== undefined);
    return outcome;
  }
}

/** Bytes that tell where they belong. */
export function pattern(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = i * 31 + seed * 7 + (i >> 9);
  return bytes;
}

/** The next packets of this type never leave the node. */
export function swallow(node: SimNode, type: number, times = 1): void {
  let left = times;
  node.mutation = (_, effect: DrbdEffect) => {
    if (effect.kind !== "send" || left === 0) return undefined;
    const head = effect.parts[0] as Uint8Array;
    if (new DataView(head.buffer, head.byteOffset).getUint16(6) !== type) return undefined;
    left--;
    return { ...effect, parts: [] };
  };
}
