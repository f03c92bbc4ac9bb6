/**
 * Two nodes, a cable and an operator: what scenarios are told with. Steps wait in virtual time until what they ask for has
 * happened, and fail with a sentence when it doesn't. The laws are checked all the while.
 */
import { assert } from "../../../src/base/assert.ts";
import { Prng } from "../../../src/base/prng.ts";
import type { AdminReply } from "../../../src/core/replication/effects.ts";
import type { AdminCommand } from "../../../src/core/replication/events.ts";
import { blockBytes } from "../../../src/core/replication/metadata/bitmap.ts";
import type { DiskSettings, NetSettings } from "../../../src/core/replication/settings.ts";
import type { ResourceStatus, VolumeStatus } from "../../../src/core/replication/status.ts";
import { SimClock } from "../../kernel/sim-clock.ts";
import { SimNetwork } from "../../kernel/sim-network.ts";
import type { Trace } from "../../kernel/trace.ts";
import { SimViolation } from "../cluster.ts";
import { addPair, twoHosts } from "../pair.ts";
import type { IoOutcome, SimNode, SimWorld } from "../sim-node.ts";
import { contentOf, idsIn, Lineage, type LineageWrite } from "./lineage.ts";
import { PacketRules } from "./packet-rules.ts";
import { StageLaws } from "./stage-laws.ts";
import { StageRecord } from "./stage-record.ts";

export type StageOptions = {
  readonly net?: Partial<NetSettings>;
  readonly disk?: Partial<DiskSettings>;
  readonly volumeBytes?: number;
  readonly diskBytes?: readonly [number, number];
  /** The exit code of the fence-peer handler; undefined: there is none. */
  readonly fencePeer?: (node: SimNode) => number;
};

/** What is wanted of a node's state; what is not named may be anything. */
export type Wanted = {
  readonly role?: string;
  readonly conn?: string;
  readonly disk?: string;
  readonly peerDisk?: string;
};

const mebi = 1024 * 1024;
const defaultVolumeBytes = 8 * mebi;
export const patienceMs = 60_000;
const stepMs = 20;

export class Stage {
  readonly alpha: SimNode;
  readonly bravo: SimNode;
  readonly world: SimWorld;
  readonly laws: StageLaws;
  readonly lineage: Lineage = new Lineage();
  /** What the nodes said and sent, and which handlers they called. */
  readonly record: StageRecord = new StageRecord();
  readonly packets: PacketRules;
  readonly blocks: number;

  constructor(trace: Pick<Trace, "write">, options: StageOptions = {}) {
    const clock = new SimClock();
    const prng = new Prng(7n);
    this.world = { clock, prng, trace, network: new SimNetwork(clock, prng.fork()) };
    const volumeBytes = options.volumeBytes ?? defaultVolumeBytes;
    this.blocks = volumeBytes / blockBytes;
    const watcher = {
      onNotice: (node: SimNode, notice: Parameters<StageLaws["onNotice"]>[1]) => {
        this.record.onNotice(node, notice);
        this.laws.onNotice(node, notice);
      },
      onHandler: (node: SimNode, handler: { readonly name: string }) =>
        this.record.onHandler(node, handler.name),
      onFencePeer: (node: SimNode, effect: { readonly request: number }) => {
        this.record.onHandler(node, "fence-peer");
        const { fencePeer } = options;
        if (fencePeer === undefined) return;
        const { request } = effect;
        const exitCode = fencePeer(node);
        clock.after(20, () => node.event({ kind: "fence-verdict", request, exitCode }));
      },
      onEvent: () => this.laws.checkRoles(),
    };
    const { alpha, bravo, laws } = this.#build(watcher, volumeBytes, options);
    this.alpha = alpha;
    this.bravo = bravo;
    this.laws = laws;
    this.packets = new PacketRules(this.record, [alpha, bravo]);
  }

  get now(): number {
    return this.world.clock.now;
  }

  other(node: SimNode): SimNode {
    return node === this.alpha ? this.bravo : this.alpha;
  }

  status(node: SimNode): ResourceStatus {
    const status = node.status();
    if (status === undefined) throw new SimViolation(`${node.name} does not run`);
    return status;
  }

  volume(node: SimNode): VolumeStatus {
    const [volume] = this.status(node).volumes;
    assert(volume !== undefined, "a resource has a volume");
    return volume;
  }

  advance(ms: number): void {
    const end = this.now + ms;
    while (this.now < end) this.#step(Math.min(stepMs, end - this.now));
  }

  until(what: string, condition: () => boolean, limitMs: number = patienceMs): void {
    const { clock } = this.world;
    const end = clock.now + limitMs;
    let looked = clock.now;
    // After every event: what is waited for may be there for a moment only.
    while (!condition()) {
      if (clock.now >= end) this.fail(`${what} did not happen within ${limitMs / 1000} s`);
      clock.step(Math.min(end, looked + stepMs));
      if (clock.now < looked + stepMs) continue;
      looked = clock.now;
      this.laws.checkCoverage();
    }
  }

  fail(message: string): never {
    const states = [this.alpha, this.bravo].map((node) => `${node.name} ${stateWords(node)}`);
    throw new SimViolation(`${message} (${states.join("; ")})`);
  }

  check(condition: boolean, message: string): void {
    if (!condition) this.fail(message);
  }

  /** Waits until the node is as wanted. */
  becomes(node: SimNode, wanted: Wanted, limitMs?: number): void {
    const what = `${node.name} ${Object.values(wanted).join(" ")}`;
    this.until(what, () => matches(node, wanted), limitMs);
  }

  bothBecome(wanted: Wanted, limitMs?: number): void {
    for (const node of [this.alpha, this.bravo]) this.becomes(node, wanted, limitMs);
  }

  /** An administrator's command and its answer. */
  ask(node: SimNode, command: AdminCommand): AdminReply["result"] {
    let result: AdminReply["result"] | undefined;
    node.admin(command, (given) => {
      result = given;
    });
    this.until(`an answer to ${command.name}`, () => result !== undefined);
    assert(result !== undefined, "the answer has come");
    return result;
  }

  /** A command that has to succeed. */
  do(node: SimNode, command: AdminCommand): void {
    const result = this.ask(node, command);
    if (!result.ok)
      this.fail(`${command.name} on ${node.name}: (${result.code}) ${result.message}`);
  }

  /** A command that has to be refused, with DRBD's code where it is given. */
  refused(node: SimNode, command: AdminCommand, code?: number): void {
    const result = this.ask(node, command);
    if (result.ok) this.fail(`${command.name} on ${node.name} was not refused`);
    if (code !== undefined && !result.ok && result.code !== code)
      this.fail(`${command.name}: code ${result.code} (${result.message}) instead of ${code}`);
  }

  /** Asks for a write; what comes of it is in the returned record and its outcome. */
  submit(node: SimNode, block: number, blocks = 1): Submitted {
    // What is not synced yet, or not there, is the peer's.
    const sees = this.volume(node).disk === "UpToDate" ? node.disk : this.other(node).disk;
    const write = this.lineage.issue(node, { block, blocks }, sees);
    const submitted: Submitted = { write, outcome: undefined };
    const bytes = contentOf(write);
    node.io(
      (id) => ({ kind: "write", id, volume: 0, offset: block * blockBytes, bytes, fua: false }),
      (outcome) => {
        submitted.outcome = outcome;
        this.lineage.end(write, outcome.error === undefined);
        if (write.acked) this.laws.onAcknowledged(write, this.status(node).protocol);
      },
    );
    return submitted;
  }

  /** A write that has to succeed. */
  write(node: SimNode, block: number, blocks = 1): LineageWrite {
    const submitted = this.submit(node, block, blocks);
    this.until(`the answer to a write on ${node.name}`, () => submitted.outcome !== undefined);
    const error = submitted.outcome?.error;
    if (error !== undefined) this.fail(`a write on ${node.name} failed: ${error}`);
    return submitted.write;
  }

  /** Writes again what is there: marked, and the same. */
  rewrite(node: SimNode, block: number): void {
    const bytes = node.disk.readNow(block * blockBytes, blockBytes);
    const outcome = this.#io(node, (id) => ({
      ...{ kind: "write", id, volume: 0, offset: block * blockBytes, bytes, fua: false },
    }));
    if (outcome.error !== undefined) this.fail(`a write on ${node.name} failed: ${outcome.error}`);
  }

  flush(node: SimNode): void {
    const mark = this.lineage.mark();
    const outcome = this.#io(node, (id) => ({ kind: "flush", id, volume: 0 }));
    if (outcome.error !== undefined) this.fail(`a flush on ${node.name} failed: ${outcome.error}`);
    this.lineage.flushed(mark);
  }

  /** The writes whose content a read finds; or the error it ends with. */
  read(node: SimNode, block: number): ReadonlySet<number> | string {
    const outcome = this.#io(node, (id) => ({
      ...{ kind: "read", id, volume: 0 },
      ...{ offset: block * blockBytes, length: blockBytes },
    }));
    return outcome.bytes === undefined ? (outcome.error ?? "") : idsIn(outcome.bytes);
  }

  discard(node: SimNode, block: number, blocks: number, mayUnmap = true): void {
    const outcome = this.#io(node, (id) => ({
      ...{ kind: mayUnmap ? "discard" : "write-zeroes", id, volume: 0, mayUnmap, fua: false },
      ...{ offset: block * blockBytes, length: blocks * blockBytes },
    }));
    if (outcome.error !== undefined) this.fail(`a discard on ${node.name}: ${outcome.error}`);
    this.lineage.forget(block, blocks);
  }

  #io(node: SimNode, request: Parameters<SimNode["io"]>[0]): IoOutcome {
    let outcome: IoOutcome | undefined;
    node.io(request, (given) => {
      outcome = given;
    });
    this.until(`the answer to a request on ${node.name}`, () => outcome !== undefined);
    return outcome ?? {};
  }

  #build(
    watcher: ConstructorParameters<typeof SimNode>[1],
    volumeBytes: number,
    options: StageOptions,
  ): { readonly alpha: SimNode; readonly bravo: SimNode; readonly laws: StageLaws } {
    const pair = addPair(this.world, watcher, {
      ...{ resource: "r0", hosts: twoHosts, volumeBytes },
      ...(options.diskBytes === undefined ? {} : { diskBytes: options.diskBytes }),
      net: { connectIntMs: 3000, ...options.net },
      disk: { alExtents: 7, ...options.disk },
    });
    const [alpha, bravo] = pair;
    const laws = new StageLaws(pair, this.lineage, volumeBytes);
    for (const node of pair) node.disk.onEffect = (effect) => laws.onDisk(node, effect);
    return { alpha, bravo, laws };
  }

  #step(ms: number): void {
    const { clock } = this.world;
    const end = clock.now + ms;
    while (clock.step(end));
    this.laws.checkCoverage();
  }
}

/** A write that was asked for; `outcome` when it is answered. */
export type Submitted = { readonly write: LineageWrite; outcome: IoOutcome | undefined };

export function matches(node: SimNode, wanted: Wanted): boolean {
  const status = node.status();
  const volume = status?.volumes[0];
  if (status === undefined || volume === undefined) return false;
  const state = {
    role: status.role,
    conn: volume.conn,
    disk: volume.disk,
    peerDisk: volume.peerDisk,
  };
  return (Object.keys(wanted) as (keyof Wanted)[]).every((key) => state[key] === wanted[key]);
}

function stateWords(node: SimNode): string {
  const status = node.status();
  const volume = status?.volumes[0];
  if (status === undefined || volume === undefined) return "down";
  const { conn, disk, peerDisk, outOfSyncBytes } = volume;
  return `${status.role} ${conn} ${disk}/${peerDisk} oos ${outOfSyncBytes / 1024} KiB`;
}
