/**
 * The TCP side of a simulated process: listens and connects as its machine asks, turns bytes into packets and hands them
 * over. Whoever taps it sees every packet by its name, and may hold, swallow or repeat one.
 */
import { present } from "../../src/base/assert.ts";
import type { NetworkEffect } from "../../src/core/replication/effects.ts";
import type { NetworkEvent } from "../../src/core/replication/events.ts";
import type { SocketAddress } from "../../src/core/replication/settings.ts";
import type { Packet } from "../../src/formats/drbd/packet.ts";
import { decodeHeader, headerBytesOf } from "../../src/formats/drbd/packet-header.ts";
import { PacketReader } from "../../src/formats/drbd/packet-reader.ts";
import { PacketType, packetName } from "../../src/formats/drbd/packet-type.ts";
import type { SimNetwork } from "../kernel/sim-network.ts";
import type { SimStream } from "../kernel/sim-stream.ts";

export type SocketName = "data" | "meta";

/** A packet on its way; `socket` is known once the first packet has named the connection. */
export type TappedPacket = { readonly name: string; readonly socket: SocketName | undefined };

/**
 * What becomes of a packet that is being sent. `hold`: it and all that follows on this socket waits until the stream is
 * told to go on, as behind a firewall that drops it for a while. `drop` and `repeat` are faults of the sender: TCP does
 * neither.
 */
export type PacketFate = "pass" | "drop" | "repeat" | "hold";

export type SocketsOwner = {
  post(event: NetworkEvent): void;
  trace(text: string): void;
  onSend(packet: TappedPacket): PacketFate;
  /** The machine has handled it. */
  onReceived(packet: TappedPacket): void;
};

/** One for each process: it ends with it. */
export class SimSockets {
  readonly #network: SimNetwork;
  readonly #local: SocketAddress;
  readonly #owner: SocketsOwner;
  readonly #streams = new Map<number, SimStream>();
  /** Which of the two it is: its first packet has told. */
  readonly #names = new Map<number, SocketName>();
  readonly #connecting = new Map<number, () => void>();
  #lastAccepted = 1;
  /** Packets that are not brought yet, by connection. */
  readonly #held = new Map<number, (() => void)[]>();
  #over = false;

  constructor(network: SimNetwork, local: SocketAddress, owner: SocketsOwner) {
    this.#network = network;
    this.#local = local;
    this.#owner = owner;
  }

  /** Streams in use, in the order of their numbers. */
  streams(): readonly SimStream[] {
    return [...this.#streams.values()];
  }

  stream(name: SocketName): SimStream | undefined {
    for (const [connection, stream] of this.#streams)
      if (this.#names.get(connection) === name) return stream;
    return undefined;
  }

  /** The process is gone: nothing more is told. What becomes of its streams is the network's affair. */
  end(): void {
    this.#over = true;
    for (const cancel of this.#connecting.values()) cancel();
    this.#connecting.clear();
    this.#streams.clear();
  }

  /** What comes on this connection waits until `release`. */
  hold(connection: number): void {
    this.#held.set(connection, this.#held.get(connection) ?? []);
  }

  release(connection: number): void {
    const held = this.#held.get(connection) ?? [];
    this.#held.delete(connection);
    // Each looks for itself: one before it may have a handler asked again.
    for (const bring of held) bring();
  }

  perform(effect: NetworkEffect): void {
    switch (effect.kind) {
      case "listen":
        this.#network.listen(this.#local.address, effect.local.port, (stream) =>
          this.#accept(stream),
        );
        return;
      case "stop-listening":
        this.#network.stopListening(this.#local.address, this.#local.port);
        return;
      case "connect": {
        const { connection } = effect;
        const cancel = this.#network.connect(
          this.#local.address,
          effect.remote,
          effect.timeoutMs,
          (stream, reason) => this.#onConnectEnd(connection, stream, reason),
        );
        this.#connecting.set(connection, cancel);
        return;
      }
      case "send":
        this.#send(effect);
        return;
      case "close":
        this.#connecting.get(effect.connection)?.();
        this.#connecting.delete(effect.connection);
        this.#streams.get(effect.connection)?.close();
        this.#streams.delete(effect.connection);
        return;
    }
  }

  #send(effect: Extract<NetworkEffect, { readonly kind: "send" }>): void {
    const { connection, notify } = effect;
    const stream = this.#streams.get(connection);
    if (stream === undefined) return;
    const packets = packetsOf(joined(effect.parts));
    if (packets.length === 0 && notify === true)
      stream.send(new Uint8Array(0), () => this.#post({ kind: "sent", connection }));
    for (const [i, { type, bytes }] of packets.entries()) {
      const packet = this.#tapped(connection, type);
      this.#owner.trace(`send ${connection} ${packet.name} ${bytes.length}`);
      const fate = this.#owner.onSend(packet);
      // Whoever listens may have ended the process, or the connection.
      if (!this.#streams.has(connection)) return;
      if (fate === "hold") stream.hold();
      if (fate === "repeat") stream.send(bytes);
      const onSent = (): void => this.#post({ kind: "sent", connection });
      const told = notify === true && i === packets.length - 1;
      stream.send(fate === "drop" ? new Uint8Array(0) : bytes, told ? onSent : undefined);
    }
  }

  #accept(stream: SimStream): void {
    if (this.#over) return;
    this.#lastAccepted += 2;
    const connection = this.#lastAccepted;
    this.#use(connection, stream);
    this.#post({ kind: "accepted", connection });
  }

  #onConnectEnd(connection: number, stream: SimStream | undefined, reason: string): void {
    if (this.#over || !this.#connecting.delete(connection)) {
      stream?.close();
      return;
    }
    if (stream === undefined) {
      this.#post({ kind: "connect-failed", connection, reason });
      return;
    }
    this.#use(connection, stream, () => this.#post({ kind: "connected", connection }));
  }

  #use(connection: number, stream: SimStream, first: () => void = () => {}): void {
    this.#streams.set(connection, stream);
    const reader = new PacketReader();
    first();
    stream.use({
      onData: (bytes) => {
        if (!this.#streams.has(connection)) return;
        reader.push(bytes);
        for (let read = reader.next(); read !== undefined; read = reader.next()) {
          if (!this.#streams.has(connection)) return;
          if (read.ok) this.#receive(connection, read.value);
          else this.#post({ kind: "packet-error", connection, error: read.error });
        }
      },
      onClosed: (reason) => {
        if (!this.#streams.delete(connection)) return;
        this.#post({ kind: "closed", connection, reason });
      },
    });
  }

  #receive(connection: number, packet: Packet): void {
    const held = this.#held.get(connection);
    if (held !== undefined) {
      held.push(() => this.#receive(connection, packet));
      return;
    }
    if (!this.#streams.has(connection)) return;
    const tapped = this.#tapped(connection, packet.type);
    this.#post({ kind: "packet", connection, packet });
    this.#owner.onReceived(tapped);
  }

  /** What a tap is told of a packet; the first one of a connection names it. */
  #tapped(connection: number, type: number): TappedPacket {
    if (type === PacketType.InitialData) this.#names.set(connection, "data");
    if (type === PacketType.InitialMeta) this.#names.set(connection, "meta");
    return { name: packetName(type), socket: this.#names.get(connection) };
  }

  #post(event: NetworkEvent): void {
    if (!this.#over) this.#owner.post(event);
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** What is sent at once, packet by packet. */
function packetsOf(
  bytes: Uint8Array,
): readonly { readonly type: number; readonly bytes: Uint8Array }[] {
  const view = new DataView(bytes.buffer);
  const packets: { readonly type: number; readonly bytes: Uint8Array }[] = [];
  for (let at = 0; at < bytes.length; ) {
    const header = present(decodeHeader(view, at), "the header of a packet");
    const end = at + headerBytesOf(header.kind) + header.length;
    packets.push({ type: header.type, bytes: bytes.subarray(at, end) });
    at = end;
  }
  return packets;
}
