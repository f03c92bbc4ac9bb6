/**
 * One host with one disk and one process that runs the real machine: performs its effects on the simulated disk and
 * network, and hands it what comes of them.
 */
import { assert } from "../../src/base/assert.ts";
import { Prng } from "../../src/base/prng.ts";
import { elapsedMs, type Instant } from "../../src/base/time.ts";
import { DrbdResource } from "../../src/core/replication/drbd-resource.ts";
import type {
  AdminReply,
  AskHandler,
  DrbdEffect,
  FencePeer,
  Notice,
  RunHandler,
} from "../../src/core/replication/effects.ts";
import type { AdminCommand, DrbdEvent } from "../../src/core/replication/events.ts";
import type { IoErrorCode, IoRequest } from "../../src/core/replication/io.ts";
import type { Past } from "../../src/core/replication/roles/past.ts";
import type { ResourceSettings } from "../../src/core/replication/settings.ts";
import type { ResourceStatus } from "../../src/core/replication/status.ts";
import type { SimClock, SimTimer } from "../kernel/sim-clock.ts";
import type { SimDisk } from "../kernel/sim-disk.ts";
import type { SimNetwork } from "../kernel/sim-network.ts";
import type { SimStream } from "../kernel/sim-stream.ts";
import type { Trace } from "../kernel/trace.ts";
import { type PacketFate, SimSockets, type SocketName, type TappedPacket } from "./sim-sockets.ts";

export type IoOutcome = { readonly error?: IoErrorCode; readonly bytes?: Uint8Array };

export type SimWorld = {
  readonly clock: SimClock;
  readonly network: SimNetwork;
  readonly prng: Prng;
  readonly trace: Pick<Trace, "write">;
};

/** What a node tells those who watch it. */
export type NodeWatcher = {
  onNotice(node: SimNode, notice: Notice): void;
  onFencePeer(node: SimNode, effect: FencePeer): void;
  onHandler?(node: SimNode, effect: RunHandler): void;
  /** After every event. */
  onEvent(node: SimNode): void;
  /** Roles, states or suspension are others. */
  onStatusChanged?(node: SimNode): void;
};

/** Sees a node's packets one by one, and may come between. */
export type WireTap = {
  onSend?(node: SimNode, packet: TappedPacket): PacketFate;
  /** The machine has handled it. */
  onReceived?(node: SimNode, packet: TappedPacket): void;
};

/** A way of performing an effect that is a lie: to see whether the checkers notice. Undefined: perform it as it is. */
export type Mutation = (node: SimNode, effect: DrbdEffect) => DrbdEffect | "pretend" | undefined;

export class SimNode {
  readonly name: string;
  readonly disk: SimDisk;
  readonly settings: ResourceSettings;
  mutation: Mutation | undefined;
  /** The size of the disk at whose end the metadata are, as was last told; it outlives the process. */
  metadataPlacedBytes: number | undefined;
  tap: WireTap | undefined;
  /** Wakes the machine so much later than it asked, in ms, at most. */
  timerLatenessMs = 0;
  readonly #world: SimWorld;
  readonly #watcher: NodeWatcher;
  #machine: DrbdResource | undefined;
  #powered = true;
  #generation = 0;
  #timer: SimTimer | undefined;
  #sockets: SimSockets | undefined;
  readonly #io = new Map<number, (outcome: IoOutcome) => void>();
  readonly #admin = new Map<number, (result: AdminReply["result"]) => void>();
  #nextId = 1;
  #past: (Past & { readonly at: Instant }) | undefined;
  /** While the process is frozen: what it will find when it goes on. */
  #held: DrbdEvent[] | undefined;

  constructor(
    world: SimWorld,
    watcher: NodeWatcher,
    options: { readonly disk: SimDisk; readonly settings: ResourceSettings },
  ) {
    this.name = options.settings.nodeName;
    this.disk = options.disk;
    this.settings = options.settings;
    this.#world = world;
    this.#watcher = watcher;
  }

  get running(): boolean {
    return this.#machine !== undefined;
  }

  get powered(): boolean {
    return this.#powered;
  }

  get address(): string {
    return this.settings.local.address;
  }

  status(): ResourceStatus | undefined {
    return this.#machine?.status();
  }

  /** Streams in use, in the order of their numbers. */
  streams(): readonly SimStream[] {
    return this.#sockets?.streams() ?? [];
  }

  /** The stream that is this socket of the connection; undefined while there is none. */
  stream(socket: SocketName): SimStream | undefined {
    return this.#sockets?.stream(socket);
  }

  /** Starts the process: attaches its disk and looks for the peer. */
  start(): void {
    assert(this.#powered && this.#machine === undefined, "a powered host starts its process once");
    this.#generation++;
    this.trace("start");
    const chance = new Prng(this.#world.prng.u64());
    this.#machine = new DrbdResource(this.settings, chance, this.#world.clock.now, {
      past: this.#pastNow(),
    });
    this.#sockets = new SimSockets(this.#world.network, this.settings.local, {
      post: (event) => this.event(event),
      trace: (text) => this.trace(text),
      onSend: (packet) => this.tap?.onSend?.(this, packet) ?? "pass",
      onReceived: (packet) => this.tap?.onReceived?.(this, packet),
    });
    for (const v of this.settings.volumes) this.attach(v.volume);
  }

  attach(volume: number): void {
    const size = this.disk.sizeBytes;
    const placement = { kind: "internal" } as const;
    const command = {
      name: "attach",
      volume,
      dataBytes: size,
      metaBytes: size,
      placement,
    } as const;
    this.admin(command, (result) => {
      if (result.ok) this.admin({ name: "connect" }, () => {});
    });
  }

  /** The process stands still (SIGSTOP): its kernel goes on taking what comes. */
  freeze(): void {
    if (this.#machine !== undefined) this.#held ??= [];
  }

  thaw(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const event of held) this.event(event);
  }

  /** The process dies. The page cache lives on. */
  crash(): void {
    if (this.#machine === undefined) return;
    this.trace("crash");
    this.#end();
    this.disk.processCrash();
    this.#world.network.processDied(this.address);
  }

  powerCut(): void {
    if (!this.#powered) return;
    this.trace("power cut");
    this.#end();
    this.#powered = false;
    this.disk.powerCut();
    this.#world.network.powerOff(this.address);
  }

  powerOn(): void {
    assert(!this.#powered, "power comes back after it was gone");
    this.#powered = true;
    this.#world.network.powerOn(this.address);
  }

  io(request: (id: number) => IoRequest, done: (outcome: IoOutcome) => void): void {
    assert(this.#machine !== undefined, "a running process is asked");
    const id = this.#nextId++;
    this.#io.set(id, done);
    const made = request(id);
    if (made.kind === "read" && this.#machine.readsLocally(made.volume, made.offset, made.length)) {
      this.#readForUser(made);
      return;
    }
    this.event(made);
  }

  admin(command: AdminCommand, done: (result: AdminReply["result"]) => void): void {
    const id = this.#nextId++;
    this.#admin.set(id, done);
    this.trace(`admin ${command.name}`);
    this.event({ kind: "admin", id, command });
  }

  /** Hands the machine an event and does what it wants done. Nothing happens without a process. */
  event(event: DrbdEvent): void {
    const machine = this.#machine;
    if (machine === undefined) return;
    if (this.#held !== undefined) {
      this.#held.push(event);
      return;
    }
    const effects = machine.handle(event, this.#world.clock.now);
    for (const effect of effects) {
      if (this.#machine !== machine) return;
      this.#perform(effect);
    }
    if (this.#machine === machine) this.#setTimer(machine);
    this.#watcher.onEvent(this);
  }

  #end(): void {
    this.#machine = undefined;
    this.#held = undefined;
    this.#generation++;
    this.#world.clock.cancel(this.#timer);
    this.#timer = undefined;
    this.#sockets?.end();
    this.#sockets = undefined;
    this.#io.clear();
    this.#admin.clear();
  }

  /** As the server finds it in its file: what was noted, and how long ago that was. */
  #pastNow(): Past | undefined {
    if (this.#past === undefined) return undefined;
    const { at, roleChanges, connected, apartMs } = this.#past;
    const ms = elapsedMs(at, this.#world.clock.now);
    return {
      roleChanges: roleChanges.map(({ role, msAgo }) => ({ role, msAgo: msAgo + ms })),
      connected,
      ...(apartMs === undefined ? {} : { apartMs: apartMs + ms }),
    };
  }

  #setTimer(machine: DrbdResource): void {
    const { clock, prng } = this.#world;
    const deadline = machine.nextDeadline();
    if (this.#timer !== undefined && !this.#timer.cancelled && this.#timer.at === deadline) return;
    clock.cancel(this.#timer);
    this.#timer = undefined;
    if (deadline === undefined) return;
    const late = this.timerLatenessMs > 0 ? prng.below(Math.ceil(this.timerLatenessMs)) : 0;
    // Not by the time that is left: a sum of fractions may fall short of the deadline, and wake the machine for nothing.
    this.#timer = clock.at(
      deadline + late,
      this.#bound(() => {
        this.#timer = undefined;
        this.event({ kind: "wake" });
      }),
    );
  }

  /** What is done only if the process that asked for it still lives. */
  #bound<A extends unknown[]>(run: (...args: A) => void): (...args: A) => void {
    const generation = this.#generation;
    return (...args) => {
      if (generation === this.#generation) run(...args);
    };
  }

  #perform(wanted: DrbdEffect): void {
    const mutated = this.mutation?.(this, wanted);
    if (mutated === "pretend") {
      assert("token" in wanted, "only storage effects are pretended");
      const { token } = wanted;
      this.#world.clock.after(
        0,
        this.#bound(() => this.event({ kind: "disk-done", token })),
      );
      return;
    }
    const effect = mutated ?? wanted;
    switch (effect.kind) {
      case "disk-read":
      case "disk-write":
      case "disk-flush":
      case "disk-zero":
      case "disk-allocation":
      case "disk-size":
        this.#performStorage(effect);
        return;
      case "listen":
      case "stop-listening":
      case "connect":
      case "send":
      case "close":
        this.#sockets?.perform(effect);
        return;
      case "io-reply": {
        const done = this.#io.get(effect.id);
        assert(done !== undefined, "a request is answered once");
        this.#io.delete(effect.id);
        done(effect);
        return;
      }
      case "io-read":
        this.#readForUser(effect);
        return;
      case "admin-reply": {
        const done = this.#admin.get(effect.id);
        assert(done !== undefined, "an administrator is answered once");
        this.#admin.delete(effect.id);
        this.trace(
          `admin reply ${effect.result.ok ? "ok" : `${effect.result.code} ${effect.result.message}`}`,
        );
        done(effect.result);
        return;
      }
      case "notice":
        this.trace(`${effect.code}: ${effect.message}`);
        this.#watcher.onNotice(this, effect);
        return;
      case "fence-peer":
        this.trace(`fence-peer ${effect.request} (${effect.reason})`);
        this.#watcher.onFencePeer(this, effect);
        return;
      case "handler":
        this.trace(`handler ${effect.name}`);
        this.#watcher.onHandler?.(this, effect);
        return;
      case "ask-handler":
        this.#askHandler(effect);
        return;
      case "status-changed":
        this.#watcher.onStatusChanged?.(this);
        return;
      case "close-backing-device":
        return;
      case "past-changed":
        this.#past = { ...effect.past, at: this.#world.clock.now };
        return;
      case "metadata-placed":
        this.metadataPlacedBytes = effect.deviceBytes;
        return;
    }
  }

  /** It takes up to some seconds, and agrees; no packet of the connection is brought meanwhile. */
  #askHandler({ request, name, connection }: AskHandler): void {
    this.trace(`handler ${name}`);
    this.#sockets?.hold(connection);
    this.#world.clock.after(
      this.#world.prng.below(3000),
      this.#bound(() => {
        this.event({ kind: "handler-answer", request, exitCode: 0 });
        this.#sockets?.release(connection);
      }),
    );
  }

  #performStorage(effect: Extract<DrbdEffect, { readonly token: number }>): void {
    const { token } = effect;
    const done = this.#bound((error?: string, bytes?: Uint8Array) => {
      this.event({
        kind: "disk-done",
        token,
        ...(error === undefined ? {} : { error }),
        ...(bytes === undefined ? {} : { bytes }),
      });
    });
    switch (effect.kind) {
      case "disk-read":
        this.disk.read(effect.offset, effect.length, done);
        return;
      case "disk-write":
        this.disk.write(effect.offset, effect.bytes, effect.durable, done);
        return;
      case "disk-flush":
        this.disk.flush(done);
        return;
      case "disk-zero":
        this.disk.zero(effect.offset, effect.length, effect.durable, done);
        return;
      case "disk-allocation":
        this.disk.allocation(
          effect.offset,
          effect.length,
          this.#bound((extents) => this.event({ kind: "disk-done", token, extents })),
        );
        return;
      case "disk-size":
        this.#world.clock.after(
          0,
          this.#bound(() => {
            const { sizeBytes } = this.disk;
            const sizes = { dataBytes: sizeBytes, metaBytes: sizeBytes };
            this.event({ kind: "disk-done", token, sizes });
          }),
        );
        return;
    }
  }

  #readForUser(request: {
    readonly id: number;
    readonly volume: number;
    readonly offset: number;
    readonly length: number;
  }): void {
    const { id, volume, offset, length } = request;
    this.disk.read(
      offset,
      length,
      this.#bound((error, bytes) => {
        if (error !== undefined || bytes === undefined) {
          this.event({ kind: "read", id, volume, offset, length, localReadFailed: true });
          return;
        }
        const done = this.#io.get(id);
        this.#io.delete(id);
        done?.({ bytes });
      }),
    );
  }

  trace(text: string): void {
    const ms = this.#world.clock.now.toFixed(3).padStart(11);
    this.#world.trace.write(`${ms} ${this.name} ${this.settings.name} ${text}`);
  }
}
