/**
 * A peer that knows the protocol well enough to get a connection up and to keep it busy: it answers what the machine
 * sends, mostly. What it remembers of that makes its rubbish look meaningful.
 */
import type { DrbdState } from "../../../src/formats/drbd/drbd-state.ts";
import { Conn, Disk, Role } from "../../../src/formats/drbd/drbd-state.ts";
import type { Packet, ProtocolPacket } from "../../../src/formats/drbd/packet.ts";
import { PacketType } from "../../../src/formats/drbd/packet-type.ts";
import type { Chance } from "../fuzz-target.ts";
import type { PacketNumbers } from "../inputs/random-packet.ts";

/** A packet, and the socket it belongs on. */
export type Sending = { readonly socket: "data" | "meta"; readonly packet: Packet };

type Block = { readonly sector: number; readonly sizeBytes: number; readonly id: bigint };

const peerDisks = [Disk.UpToDate, Disk.UpToDate, Disk.Inconsistent, Disk.Diskless] as const;
const noBytes = new Uint8Array(0);
const remembered = 32;
const policiesSwapped: readonly number[] = [0, 1, 2, 3, 4, 6, 5, 7, 8, 9, 10];

export class HalfProperPeer {
  readonly #chance: Chance;
  readonly #sectors: number;
  readonly #blocks: Block[] = [];
  readonly #uuids: bigint[] = [0n, 4n, 5n];
  #writesInEpoch = 0;
  #seq = 0;

  constructor(chance: Chance, sectors: number) {
    this.#chance = chance;
    this.#sectors = sectors;
  }

  /** What it says to a packet of the machine. */
  answer(packet: Packet): readonly Sending[] {
    this.#remember(packet);
    switch (packet.type) {
      case PacketType.ConnectionFeatures:
        return [data({ ...packet, features: this.#chance.pick([15, 15, 15, 15, 15, 15, 3, 0]) })];
      case PacketType.AuthChallenge:
        return [data({ type: PacketType.AuthResponse, payload: this.#chance.bytes(20) })];
      case PacketType.Protocol:
        return [data(this.#protocol(packet))];
      case PacketType.SyncParam89:
        return [data(packet)];
      case PacketType.Sizes:
        return [data({ ...packet, diskSectors: this.#chance.pick([packet.diskSectors, 0, 8000]) })];
      case PacketType.Uuids: {
        const uuid = (): bigint => this.#chance.pick(this.#uuids);
        const other = { ...packet, current: uuid(), bitmap: uuid(), history1: uuid() };
        return [data(this.#chance.pick([packet, packet, other]))];
      }
      case PacketType.State: {
        const state = data({ ...packet, state: this.#state(packet.state) });
        return this.#chance.chance(0.4) ? [state, ...this.#wholeBitmap(packet.volume)] : [state];
      }
      case PacketType.StateChgReq:
      case PacketType.ConnStChgReq:
        return this.#agree(packet.type, packet.volume);
      case PacketType.Bitmap:
      case PacketType.CompressedBitmap: {
        const uuid = this.#chance.pick(this.#uuids);
        const began = data({ type: PacketType.SyncUuid, volume: packet.volume, uuid });
        return this.#chance.chance(0.5) ? [began] : [data(packet)];
      }
      case PacketType.Ping:
        return [meta({ type: PacketType.PingAck })];
      default:
        return this.#answerIo(packet);
    }
  }

  /** Numbers for a packet of its own: places and names that the machine knows. */
  numbers(): PacketNumbers {
    const chance = this.#chance;
    const block = (): Block | undefined =>
      this.#blocks.length > 0 && chance.chance(0.6) ? chance.pick(this.#blocks) : undefined;
    let chosen: Block | undefined;
    const sizeBytes = (): number =>
      chosen?.sizeBytes ?? chance.pick([512, 4096, 4096, 8192, 65536, 1000, 0, 2 ** 20, 2 ** 31]);
    return {
      volume: () => chance.pick([0, 0, 0, 0, 1, 7]),
      sector: () => {
        chosen = block();
        if (chosen !== undefined) return chosen.sector;
        const aligned = chance.below(Math.floor(this.#sectors / 8)) * 8;
        return chance.pick([aligned, aligned, chance.below(this.#sectors + 64), 2 ** 40]);
      },
      sizeBytes,
      id: () => chosen?.id ?? chance.pick([0xffffffffffffffffn, BigInt(chance.below(40))]),
      uuid: () => (chance.chance(0.7) ? chance.pick(this.#uuids) : chance.u64()),
      u32: () => chance.pick([0, 1, chance.below(64), 0xffffffff, chance.u32()]),
      payload: () => new Uint8Array(Math.min(sizeBytes(), 2 ** 20)),
    };
  }

  #remember(packet: Packet): void {
    if ("sector" in packet && "id" in packet) {
      const sizeBytes = "payload" in packet ? packet.payload.length : packet.sizeBytes;
      this.#blocks.push({ sector: packet.sector, id: packet.id, sizeBytes });
      if (this.#blocks.length > remembered) this.#blocks.shift();
    }
    if (packet.type === PacketType.Uuids) this.#uuids.push(packet.current, packet.bitmap);
    if (packet.type === PacketType.SyncUuid) this.#uuids.push(packet.uuid);
    if (this.#uuids.length > remembered) this.#uuids.splice(3, 1);
  }

  /** Some blocks differ: what a source says first. */
  #wholeBitmap(volume: number): readonly Sending[] {
    const words = Math.ceil(this.#sectors / 8 / 64);
    const bits = new Uint8Array(words * 8);
    bits.set(this.#chance.bytes(8));
    const type = PacketType.Bitmap;
    return [data({ type, volume, payload: bits }), data({ type, volume, payload: noBytes })];
  }

  #protocol(packet: ProtocolPacket): ProtocolPacket {
    const swapped = (code: number): number => policiesSwapped[code] ?? 0;
    return {
      ...packet,
      afterSb0p: swapped(packet.afterSb0p),
      afterSb1p: swapped(packet.afterSb1p),
      afterSb2p: swapped(packet.afterSb2p),
    };
  }

  #state(mine: DrbdState): DrbdState {
    const { disk, role } = mine;
    return {
      ...mine,
      role: this.#chance.pick([Role.Secondary, Role.Secondary, Role.Primary]),
      peer: role,
      conn: this.#chance.pick([mine.conn, mine.conn, Conn.Connected]),
      disk: this.#chance.pick(peerDisks),
      pdsk: disk,
    };
  }

  #agree(
    type: typeof PacketType.StateChgReq | typeof PacketType.ConnStChgReq,
    volume: number,
  ): readonly Sending[] {
    const whole = type === PacketType.ConnStChgReq;
    const reply = whole ? PacketType.ConnStChgReply : PacketType.StateChgReply;
    return [meta({ type: reply, volume, code: this.#chance.pick([1, 1, 1, 2, -2, -10]) })];
  }

  #answerIo(packet: Packet): readonly Sending[] {
    switch (packet.type) {
      case PacketType.Data:
      case PacketType.Trim:
      case PacketType.Zeroes: {
        this.#writesInEpoch++;
        const { volume, sector, id } = packet;
        const sizeBytes = "payload" in packet ? packet.payload.length : packet.sizeBytes;
        const type = this.#chance.pick([
          PacketType.WriteAck,
          PacketType.WriteAck,
          PacketType.NegAck,
        ]);
        return [meta({ type, volume, sector, id, sizeBytes, seq: this.#nextSeq() })];
      }
      case PacketType.Barrier: {
        const setSize = this.#writesInEpoch;
        this.#writesInEpoch = 0;
        return [meta({ type: PacketType.BarrierAck, barrier: packet.barrier, setSize })];
      }
      case PacketType.DataRequest:
      case PacketType.RsDataRequest:
      case PacketType.RsThinReq:
      case PacketType.CsumRsRequest: {
        const reads = packet.type === PacketType.DataRequest;
        const type = reads ? PacketType.DataReply : PacketType.RsDataReply;
        const { volume, sector, id, sizeBytes } = packet;
        if (!reads && this.#chance.chance(0.3)) {
          return [data({ type: PacketType.RsDeallocated, volume, sector, sizeBytes })];
        }
        const payload = new Uint8Array(sizeBytes);
        return [data({ type, volume, sector, id, seq: 0, flags: 0, payload })];
      }
      case PacketType.RsDataReply: {
        const { volume, sector, id, payload } = packet;
        const sizeBytes = payload.length;
        const seq = this.#nextSeq();
        return [meta({ type: PacketType.RsWriteAck, volume, sector, id, sizeBytes, seq })];
      }
      default:
        return [];
    }
  }

  #nextSeq(): number {
    this.#seq = (this.#seq + 1) >>> 0;
    return this.#seq;
  }
}

function data(packet: Packet): Sending {
  return { socket: "data", packet };
}

function meta(packet: Packet): Sending {
  return { socket: "meta", packet };
}
