/**
 * The replication machine of one node, with a disk and users of its own, and a peer that says whatever an input makes it
 * say: proper packets at the right and the wrong moment, rubbish, nothing. What must hold meanwhile:
 * - the machine never throws, and asks for nothing outside its device;
 * - nothing is written to the volume but where a user's request or a packet named the place;
 * and when the peer is gone: every user is answered, and the connection can be given up and sought again.
 */
import { assert } from "../../../src/base/assert.ts";
import { Prng } from "../../../src/base/prng.ts";
import { instant } from "../../../src/base/time.ts";
import { DrbdResource } from "../../../src/core/replication/drbd-resource.ts";
import type {
  AdminReply,
  DrbdEffect,
  StorageEffect,
} from "../../../src/core/replication/effects.ts";
import type { AdminCommand, DrbdEvent } from "../../../src/core/replication/events.ts";
import type { IoRequest } from "../../../src/core/replication/io.ts";
import type { ResourceSettings } from "../../../src/core/replication/settings.ts";
import type { ResourceStatus } from "../../../src/core/replication/status.ts";
import type { Packet } from "../../../src/formats/drbd/packet.ts";
import { PacketReader } from "../../../src/formats/drbd/packet-reader.ts";
import { PacketType } from "../../../src/formats/drbd/packet-type.ts";
import type { Choices } from "../inputs/choices.ts";
import { HalfProperPeer, type Sending } from "./half-proper-peer.ts";
import { namedPlaces } from "./named-places.ts";
import { SparseDevice } from "./sparse-device.ts";

const sectorBytes = 512;
/** States that only a disk has that is there. */
const diskStates: readonly string[] = ["Inconsistent", "Outdated", "Consistent", "UpToDate"];
/** No event of these small volumes has more consequences. */
const effectsMax = 20_000;
/** Of the machine's own requests to the disk. */
const pendingMax = 20_000;

export class Conversation {
  readonly #choices: Choices;
  readonly #machine: DrbdResource;
  readonly #device: SparseDevice;
  readonly #volumeSectors: number;
  readonly #peer: HalfProperPeer;
  #now = 1000;
  readonly #disk: StorageEffect[] = [];
  readonly #readers = new Map<number, PacketReader>();
  readonly #toSend: Sending[] = [];
  #sockets: { readonly data?: number; readonly meta?: number } = {};
  #connecting: number | undefined;
  #listening = false;
  #accepted = 1;
  #nextId = 1;
  readonly #users = new Set<number>();
  readonly #admin = new Map<number, (result: AdminReply["result"]) => void>();
  /** Sectors of the volume that somebody has named for writing. */
  readonly #named: Uint8Array;
  readonly #sent = new Map<Packet["type"], Packet>();
  #open = 0;
  #refused = false;

  constructor(
    choices: Choices,
    options: { readonly settings: ResourceSettings; readonly image: SparseDevice },
  ) {
    const { settings, image } = options;
    this.#choices = choices;
    this.#device = new SparseDevice(image.sizeBytes, image);
    this.#volumeSectors = Math.floor(image.sizeBytes / sectorBytes) - 80;
    this.#named = new Uint8Array(image.sizeBytes / sectorBytes);
    this.#peer = new HalfProperPeer(choices, this.#volumeSectors);
    this.#machine = new DrbdResource(settings, new Prng(9n), instant(this.#now));
  }

  /** The machine has ended a connection because of what came over it. */
  get refused(): boolean {
    return this.#refused;
  }

  get choices(): Choices {
    return this.#choices;
  }

  /** The disk is attached, the peer is sought. */
  start(as: "Primary" | "Secondary" | "new"): void {
    const size = this.#device.sizeBytes;
    const placement = { kind: "internal" } as const;
    this.command({ name: "attach", volume: 0, dataBytes: size, metaBytes: size, placement });
    this.finishDisk();
    if (as !== "new") this.command({ name: "primary", force: true });
    this.finishDisk();
    if (as === "Secondary") this.command({ name: "secondary" });
    this.finishDisk();
    this.command({ name: "connect" });
  }

  /** The next thing that a proper peer would do. @returns false when it has nothing to do. */
  goOn(): boolean {
    const next = this.#toSend.shift();
    if (next !== undefined) {
      this.say(next);
      return true;
    }
    if (this.#connecting !== undefined) {
      this.#finishConnecting(true);
      return true;
    }
    if (this.#listening && this.#sockets.data !== undefined && this.#sockets.meta === undefined) {
      const connection = this.accept();
      this.#sockets = { ...this.#sockets, meta: connection };
      this.#packet(connection, { type: PacketType.InitialMeta });
      return true;
    }
    if (this.#disk.length > 0) {
      this.finishOne(0, false);
      return true;
    }
    if (this.#machine.status().connection !== "StandAlone") return false;
    this.command({ name: "connect" });
    return true;
  }

  /** All that a proper peer has to do, and the disk. */
  settle(): void {
    for (let steps = 0; this.goOn(); steps++) assert(steps < effectsMax, "it comes to an end");
  }

  /** What the machine has sent last of this kind. */
  lastSent(type: Packet["type"]): Packet | undefined {
    return this.#sent.get(type);
  }

  status(): ResourceStatus {
    return this.#machine.status();
  }

  /** The handshake is over. */
  get isConnected(): boolean {
    return this.#machine.status().connection === "Connected";
  }

  say({ socket, packet }: Sending): void {
    const connection = this.#sockets[socket];
    if (connection !== undefined) this.#packet(connection, packet);
  }

  /** A packet of the peer's own making. */
  sayAnything(make: (peer: HalfProperPeer) => Packet): void {
    const socket = this.#choices.chance(0.75) ? "data" : "meta";
    this.say({ socket, packet: make(this.#peer) });
  }

  /** Bytes that are no packet. */
  sayRubbish(): void {
    const open = [...this.#readers.keys()];
    if (open.length === 0) return;
    const connection = this.#choices.pick(open);
    this.#readers.delete(connection);
    const error = { reason: "bad-magic", message: "0x1234 starts no packet of DRBD" } as const;
    this.event({ kind: "packet-error", connection, error });
  }

  accept(): number {
    this.#accepted += 2;
    const connection = this.#accepted;
    this.#readers.set(connection, new PacketReader());
    this.event({ kind: "accepted", connection });
    return connection;
  }

  stranger(packet: Packet): void {
    if (!this.#listening) return;
    this.#packet(this.accept(), packet);
  }

  failConnecting(): void {
    if (this.#connecting !== undefined) this.#finishConnecting(false);
  }

  closeOne(): void {
    const open = [...this.#readers.keys()];
    if (open.length > 0) this.#close(this.#choices.pick(open));
  }

  passTime(ms: number): void {
    this.#now += ms;
    this.event({ kind: "wake" });
  }

  finishOne(which: number, fails: boolean): void {
    const index = Math.min(which, this.#disk.length - 1);
    const [effect] = this.#disk.splice(Math.max(0, index), 1);
    if (effect !== undefined) this.#finish(effect, fails);
  }

  finishDisk(): void {
    for (let i = 0; this.#disk.length > 0; i++) {
      assert(i < pendingMax, "what the machine wants of its disk comes to an end");
      this.finishOne(0, false);
    }
  }

  /** A user's request, where a user could make one. */
  use(): void {
    if (this.#machine.status().role !== "Primary") return;
    const offset = this.#choices.below(this.#volumeSectors / 8) * 8 * sectorBytes;
    const length = this.#choices.pick([512, 4096, 65536]);
    const place = { volume: 0, offset, length };
    switch (this.#choices.below(6)) {
      case 0:
        this.#ask((id) => ({ kind: "read", id, ...place }));
        return;
      case 1:
        this.#ask((id) => ({ kind: "flush", id, volume: 0 }));
        return;
      case 2:
        this.#name(offset, length);
        this.#ask((id) => ({ kind: "discard", id, ...place, mayUnmap: true, fua: false }));
        return;
      default:
        this.write(offset, length);
    }
  }

  /** A user's write of zeros. */
  write(offset: number, length: number): void {
    this.#name(offset, length);
    const bytes = new Uint8Array(length);
    this.#ask((id) => ({ kind: "write", id, volume: 0, offset, bytes, fua: false }));
  }

  /** Somebody opens the volume, or releases it. */
  openOrRelease(): void {
    if (this.#open > 0) {
      this.#open--;
      this.event({ kind: "device-released", volume: 0 });
    } else if (this.#machine.status().role === "Primary") {
      this.#open++;
      this.event({ kind: "device-opened", volume: 0 });
    }
  }

  command(command: AdminCommand, done: (result: AdminReply["result"]) => void = () => {}): void {
    const id = this.#nextId++;
    this.#admin.set(id, done);
    this.event({ kind: "admin", id, command });
  }

  /** The peer has gone, and the disk does what it is asked for: all that is open comes to its end. */
  end(): void {
    this.#toSend.length = 0;
    for (const connection of [...this.#readers.keys()]) this.#close(connection);
    this.finishDisk();
    let left = false;
    this.command({ name: "resume-io" });
    this.finishDisk();
    this.command({ name: "disconnect", force: true }, () => {
      left = true;
    });
    this.finishDisk();
    this.failConnecting();
    this.passTime(60_000);
    this.finishDisk();
    const status = this.#machine.status();
    assert(left, `a forced disconnect is answered; ${status.connection}`);
    const frozen = status.suspendedNoData || status.suspendedFencing || status.fencing;
    assert(
      frozen || this.#users.size === 0,
      `${this.#users.size} users wait with the disk ${status.volumes[0]?.disk}`,
    );
    let connects = false;
    this.command({ name: "connect" }, (result) => {
      connects = result.ok;
    });
    this.finishDisk();
    assert(
      connects && this.#listening,
      `the peer is sought again: ${this.#machine.status().connection}`,
    );
  }

  event(event: DrbdEvent): void {
    const effects = this.#machine.handle(event, instant(this.#now));
    assert(effects.length < effectsMax, "an event has few consequences");
    for (const effect of effects) this.#perform(effect);
    assert(this.#disk.length < pendingMax, "the machine limits what it has under way");
    const [v] = this.#machine.status().volumes;
    const hasDisk = v !== undefined && diskStates.includes(v.disk);
    assert(!hasDisk || v.uuids !== undefined, `what is ${v?.disk} is a disk`);
  }

  #ask(request: (id: number) => IoRequest): void {
    const id = this.#nextId++;
    this.#users.add(id);
    this.event(request(id));
  }

  #packet(connection: number, packet: Packet): void {
    if (!this.#readers.has(connection)) return;
    for (const { offset, length } of namedPlaces(packet)) this.#name(offset, length);
    this.event({ kind: "packet", connection, packet });
  }

  #perform(effect: DrbdEffect): void {
    switch (effect.kind) {
      case "disk-read":
      case "disk-write":
      case "disk-flush":
      case "disk-zero":
      case "disk-allocation":
      case "disk-size":
        this.#assertNamed(effect);
        this.#disk.push(effect);
        return;
      case "listen":
        this.#listening = true;
        return;
      case "stop-listening":
        this.#listening = false;
        return;
      case "connect":
        this.#connecting = effect.connection;
        return;
      case "send":
        this.#onSend(effect.connection, effect.parts, effect.notify === true);
        return;
      case "close":
        if (this.#connecting === effect.connection) this.#connecting = undefined;
        this.#forget(effect.connection);
        return;
      case "io-reply":
      case "io-read":
        assert(this.#users.delete(effect.id), "a user is answered once");
        return;
      case "admin-reply": {
        const done = this.#admin.get(effect.id);
        assert(done !== undefined, "an administrator is answered once");
        this.#admin.delete(effect.id);
        done(effect.result);
        return;
      }
      case "notice":
        if (effect.code === "protocol-error" || effect.code === "connection-refused")
          this.#refused = true;
        return;
      case "fence-peer":
      case "handler":
      case "ask-handler":
      case "status-changed":
      case "metadata-placed":
      case "past-changed":
      case "close-backing-device":
        return;
    }
  }

  #onSend(connection: number, parts: readonly Uint8Array[], notify: boolean): void {
    const reader = this.#readers.get(connection);
    assert(reader !== undefined, "what is sent goes to an open connection");
    for (const part of parts) {
      reader.push(part);
      for (let read = reader.next(); read !== undefined; read = reader.next()) {
        assert(read.ok, "what the machine sends is a packet");
        this.#sent.set(read.value.type, read.value);
        if (this.#choices.chance(0.9)) this.#toSend.push(...this.#peer.answer(read.value));
      }
    }
    if (notify)
      this.#disk.push({ kind: "disk-flush", token: -connection, volume: 0, device: "data" });
  }

  #finish(effect: StorageEffect, fails: boolean): void {
    const { token } = effect;
    // A mark that the socket has taken what was sent before it: it waits its turn among the disk's.
    if (token < 0) {
      if (this.#readers.has(-token)) this.event({ kind: "sent", connection: -token });
      return;
    }
    if (fails) {
      this.event({ kind: "disk-done", token, error: "EIO" });
      return;
    }
    switch (effect.kind) {
      case "disk-read": {
        const bytes = this.#device.read(effect.offset, effect.length);
        this.event({ kind: "disk-done", token, bytes });
        return;
      }
      case "disk-write":
        this.#device.write(effect.offset, effect.bytes);
        break;
      case "disk-zero":
        this.#device.write(effect.offset, new Uint8Array(effect.length));
        break;
      case "disk-allocation": {
        const { offset, length } = effect;
        const extents = [{ offset, length, hole: this.#choices.chance(0.3) }];
        this.event({ kind: "disk-done", token, extents });
        return;
      }
      case "disk-flush":
        break;
      case "disk-size": {
        const bytes = this.#named.length * sectorBytes;
        this.event({ kind: "disk-done", token, sizes: { dataBytes: bytes, metaBytes: bytes } });
        return;
      }
    }
    this.event({ kind: "disk-done", token });
  }

  #finishConnecting(works: boolean): void {
    const connection = this.#connecting;
    assert(connection !== undefined, "a connection is being made");
    this.#connecting = undefined;
    if (!works) {
      this.event({ kind: "connect-failed", connection, reason: "ECONNREFUSED" });
      return;
    }
    this.#readers.set(connection, new PacketReader());
    const socket = this.#sockets.data === undefined ? "data" : "meta";
    this.#sockets = { ...this.#sockets, [socket]: connection };
    this.event({ kind: "connected", connection });
  }

  #close(connection: number): void {
    this.#forget(connection);
    this.event({ kind: "closed", connection, reason: "ECONNRESET" });
  }

  #forget(connection: number): void {
    this.#readers.delete(connection);
    const { data, meta } = this.#sockets;
    this.#sockets = {
      ...(data === undefined || data === connection ? {} : { data }),
      ...(meta === undefined || meta === connection ? {} : { meta }),
    };
  }

  #name(offset: number, length: number): void {
    this.#named.fill(
      1,
      Math.floor(offset / sectorBytes),
      Math.ceil((offset + length) / sectorBytes),
    );
  }

  #assertNamed(effect: StorageEffect): void {
    if (effect.kind === "disk-flush" || effect.kind === "disk-size" || effect.token < 0) return;
    const length = effect.kind === "disk-write" ? effect.bytes.length : effect.length;
    const first = effect.offset / sectorBytes;
    const end = (effect.offset + length) / sectorBytes;
    assert(effect.offset >= 0 && end <= this.#named.length, "nothing outside the device is used");
    const writes = effect.kind === "disk-write" || effect.kind === "disk-zero";
    if (!writes || first >= this.#volumeSectors) return;
    assert(effect.device === "data", "metadata are not written into the volume");
    assert(end <= this.#volumeSectors, "data are not written over the metadata");
    for (let sector = first; sector < end; sector++) {
      assert(this.#named[sector] === 1, `nobody asked for sector ${sector} to be written`);
    }
  }
}
