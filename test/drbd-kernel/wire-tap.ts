/**
 * Stands between the disk server and the kernel's DRBD: passes bytes on, remembers which packets went by, and can be
 * cut like a cable. Both connect to the tap where they think that the other is.
 */
import { EventEmitter, once } from "node:events";
import net from "node:net";
import { freePort } from "../../lab/network/free-port.ts";
import type { Packet } from "../../src/formats/drbd/packet.ts";
import { PacketReader } from "../../src/formats/drbd/packet-reader.ts";
import { PacketType, packetName } from "../../src/formats/drbd/packet-type.ts";

export type Side = "kernel" | "ours";
type SeenPacket = { readonly from: Side; readonly packet: Packet };
type Line = { readonly from: Side; readonly near: net.Socket; readonly far: net.Socket };
/** Some packets have one shape for several types. */
type PacketOf<T extends PacketType> = Packet extends infer P
  ? P extends { readonly type: infer U }
    ? T extends U
      ? P
      : never
    : never
  : never;

export class WireTap {
  /** Bytes that are no packets of DRBD, by what the decoder said of them. */
  readonly faults: string[] = [];
  readonly #servers: net.Server[] = [];
  readonly #lines = new Set<Line>();
  readonly #seen: SeenPacket[] = [];
  readonly #passed = new EventEmitter();
  #isCut = false;
  #alteration: { readonly from: Side; readonly mark: string } | undefined;

  /**
   * @param from who connects here.
   * @param port of 127.0.0.1, to which its bytes go on.
   * @returns the port of 127.0.0.1 at which the tap listens.
   */
  async open(from: Side, port: number): Promise<number> {
    const server = net.createServer((near) => this.#pass(from, near, port));
    this.#servers.push(server);
    const own = await freePort();
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(own, "127.0.0.1", resolve);
    });
    return own;
  }

  /** From now on nothing gets through, and nobody is told. */
  cut(): void {
    this.#isCut = true;
    for (const { near, far } of this.#lines) {
      near.pause();
      far.pause();
    }
  }

  /** What a side sends is kept back, until `release`; longer than its ping-timeout, and the connection is over. */
  hold(from: Side): void {
    for (const source of this.#sources(from)) source.pause();
  }

  release(from: Side): void {
    for (const source of this.#sources(from)) source.resume();
  }

  /** Connections from before the cut are gone: both sides have given them up, or have to. */
  mend(): void {
    this.#isCut = false;
    this.#endLines();
  }

  /** Changes one byte of the next chunk in which one side sends `mark`, as bad hardware might on its way. */
  alterNext(from: Side, mark: string): void {
    this.#alteration = { from, mark };
  }

  close(): void {
    for (const server of this.#servers) server.close();
    this.#endLines();
  }

  /** The packets of a type that one side has sent, oldest first. */
  sent<T extends PacketType>(from: Side, type: T): readonly PacketOf<T>[] {
    const isIt = ({ packet }: SeenPacket): boolean => packet.type === type;
    return this.#seen
      .filter((seen) => seen.from === from && isIt(seen))
      .map(({ packet }) => packet as PacketOf<T>);
  }

  /** Until the last packet of a type that one side has sent meets the condition: who sent it may be answered sooner. */
  async untilLast<T extends PacketType>(
    from: Side,
    type: T,
    condition: (packet: PacketOf<T>) => boolean,
  ): Promise<void> {
    await this.#until(() => {
      const last = this.sent(from, type).at(-1);
      return last !== undefined && condition(last);
    });
  }

  /** Until so many bytes were written by one side, and all of them are known to be on the other's disk. */
  async untilWritten(from: Side, bytes: number): Promise<void> {
    const to: Side = from === "ours" ? "kernel" : "ours";
    await this.#until(() => {
      const written = this.sent(from, PacketType.Data).reduce(
        (sum, { payload }) => sum + payload.length,
        0,
      );
      const own = this.#seen.filter((seen) => seen.from === from).map(({ packet }) => packet.type);
      const isClosed = own.lastIndexOf(PacketType.Barrier) > own.lastIndexOf(PacketType.Data);
      // Every epoch with a write in it is acked when it is on the peer's disk.
      const [barriers, acks] = [
        this.sent(from, PacketType.Barrier),
        this.sent(to, PacketType.BarrierAck),
      ];
      return written >= bytes && isClosed && barriers.length === acks.length;
    });
  }

  /** How much a source has sent for syncs. */
  resyncedBytes(source: Side): number {
    const replies = this.sent(source, PacketType.RsDataReply);
    return replies.reduce((sum, { payload }) => sum + payload.length, 0);
  }

  /** Forgets what went by. */
  clear(): void {
    this.#seen.length = 0;
  }

  /** The last packets, one line each, for a test that has failed. */
  tail(count: number): string {
    const show = (_key: string, value: unknown): unknown => {
      return typeof value === "bigint" ? `0x${value.toString(16)}` : value;
    };
    return this.#seen
      .slice(-count)
      .map(
        ({ from, packet }) =>
          `${from} ${packetName(packet.type)} ${JSON.stringify(shortened(packet), show)}`,
      )
      .concat(this.faults)
      .join("\n");
  }

  async #until(condition: () => boolean): Promise<void> {
    while (!condition()) await once(this.#passed, "packet");
  }

  #pass(from: Side, near: net.Socket, port: number): void {
    if (this.#isCut) {
      near.destroy();
      return;
    }
    const far = net.connect(port, "127.0.0.1");
    const line = { from, near, far };
    this.#lines.add(line);
    this.#join(near, far, from);
    this.#join(far, near, from === "kernel" ? "ours" : "kernel");
    for (const socket of [near, far]) {
      socket.setNoDelay();
      socket.on("error", () => {});
      socket.on("close", () => {
        this.#lines.delete(line);
        near.destroy();
        far.destroy();
      });
    }
  }

  #sources(side: Side): readonly net.Socket[] {
    return [...this.#lines].map(({ from, near, far }) => (from === side ? near : far));
  }

  #join(source: net.Socket, target: net.Socket, from: Side): void {
    const reader = new PacketReader();
    source.on("data", (chunk) => {
      this.#alter(from, chunk);
      target.write(chunk);
      reader.push(chunk);
      for (let read = reader.next(); read !== undefined; read = reader.next()) {
        if (read.ok) this.#seen.push({ from, packet: read.value });
        else this.faults.push(`${from}: ${read.error.message}`);
      }
      this.#passed.emit("packet");
    });
    // What was sent before an end still gets through.
    source.on("end", () => target.end());
  }

  #alter(from: Side, chunk: Buffer): void {
    if (this.#alteration?.from !== from) return;
    const at = chunk.indexOf(this.#alteration.mark);
    if (at < 0) return;
    chunk[at] = 0;
    this.#alteration = undefined;
  }

  #endLines(): void {
    for (const { near, far } of this.#lines) {
      near.destroy();
      far.destroy();
    }
  }
}

/** With the length of the payload in its place. */
function shortened(packet: Packet): object {
  return "payload" in packet ? { ...packet, payload: `${packet.payload.length} bytes` } : packet;
}
