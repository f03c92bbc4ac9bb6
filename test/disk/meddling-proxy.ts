/** Stands between two disk servers, hands on whole packets, and puts in what it is told to. */
import { EventEmitter } from "node:events";
import net from "node:net";
import { decodeHeader } from "../../src/formats/drbd/packet-header.ts";
import { PacketType } from "../../src/formats/drbd/packet-type.ts";

type Side = {
  readonly socket: net.Socket;
  /** The beginning of a packet that is not all here. */
  partial: Buffer;
};

type Meeting = {
  /** The one who has dialed this proxy, and the one who is dialed by it. */
  readonly dialer: Side;
  readonly server: Side;
  kind: "data" | "meta" | undefined;
};

export class MeddlingProxy {
  /** "greeted" whenever it is known what a connection is for. */
  readonly events: EventEmitter = new EventEmitter();
  readonly #server: net.Server;
  readonly #meetings = new Set<Meeting>();

  /** Whoever connects to `port` comes through to `target`. */
  static async listen(port: number, target: number): Promise<MeddlingProxy> {
    const proxy = new MeddlingProxy(target);
    await new Promise<void>((resolve) => proxy.#server.listen(port, "127.0.0.1", resolve));
    return proxy;
  }

  private constructor(target: number) {
    this.#server = net.createServer((socket) => this.#meet(socket, target));
  }

  /**
   * Gives these bytes to one end, between two packets of its data or meta socket.
   * @returns undefined when there is no such connection here; else a promise of the connection's end.
   */
  inject(
    to: "dialer" | "server",
    kind: "data" | "meta",
    bytes: Uint8Array,
  ): Promise<void> | undefined {
    for (const meeting of this.#meetings) {
      if (meeting.kind !== kind) continue;
      const { socket } = meeting[to];
      const ended = new Promise<void>((resolve) => socket.once("close", () => resolve()));
      socket.write(bytes);
      return ended;
    }
    return undefined;
  }

  close(): void {
    this.#server.close();
    for (const { dialer, server } of this.#meetings) {
      dialer.socket.destroy();
      server.socket.destroy();
    }
  }

  #meet(socket: net.Socket, target: number): void {
    const onward = net.connect(target, "127.0.0.1");
    const meeting: Meeting = { dialer: side(socket), server: side(onward), kind: undefined };
    this.#meetings.add(meeting);
    const end = (): void => {
      this.#meetings.delete(meeting);
      socket.destroy();
      onward.destroy();
    };
    for (const each of [socket, onward]) each.setNoDelay().on("close", end).on("error", end);
    socket.on("data", (bytes) => this.#handOn(meeting, meeting.dialer, bytes, onward));
    onward.on("data", (bytes) => this.#handOn(meeting, meeting.server, bytes, socket));
  }

  #handOn(meeting: Meeting, from: Side, bytes: Buffer, to: net.Socket): void {
    let rest = Buffer.concat([from.partial, bytes]);
    for (let length = wholeLength(rest); length <= rest.length; length = wholeLength(rest)) {
      this.#onGreeting(meeting, decodeHeader(viewOf(rest), 0)?.type);
      to.write(rest.subarray(0, length));
      rest = rest.subarray(length);
    }
    from.partial = rest;
  }

  #onGreeting(meeting: Meeting, type: number | undefined): void {
    if (type !== PacketType.InitialData && type !== PacketType.InitialMeta) return;
    meeting.kind = type === PacketType.InitialData ? "data" : "meta";
    this.events.emit("greeted");
  }
}

function side(socket: net.Socket): Side {
  return { socket, partial: Buffer.alloc(0) };
}

/** Of the first packet; more than is here until its header is whole. */
function wholeLength(bytes: Buffer): number {
  if (bytes.length < 8) return bytes.length + 1;
  const isLong = bytes.readUInt16BE(0) === 0x8620;
  if (isLong && bytes.length < 16) return bytes.length + 1;
  const header = decodeHeader(viewOf(bytes), 0);
  if (header === undefined) throw new Error("the servers speak DRBD");
  return (isLong ? 16 : 8) + header.length;
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
