/** A client of an NBD export that writes blocks, one after the other, each answered before the next. */
import net from "node:net";
import { clientFlags, goData, optionBytes, requestBytes } from "./client-bytes.ts";

const go = 7;
const write = 1;
const flush = 3;
const optionReplyBytes = 20;
const replyBytes = 16;
const acknowledged = 1;

export class WritingClient {
  readonly #socket: net.Socket;
  #received = Buffer.alloc(0);
  #wake: (() => void) | undefined;
  #ended = false;
  #cookie = 0n;
  /** Writes that were answered without an error. */
  written = 0;

  private constructor(socket: net.Socket) {
    this.#socket = socket;
    socket.on("data", (bytes: Buffer) => {
      this.#received = Buffer.concat([this.#received, bytes]);
      this.#wake?.();
    });
    const end = (): void => {
      this.#ended = true;
      this.#wake?.();
    };
    socket.on("close", end).on("error", end);
  }

  static async open(socketPath: string, exportName = "0"): Promise<WritingClient> {
    const client = new WritingClient(net.connect(socketPath));
    await client.#take(18);
    client.#socket.write(Buffer.concat([clientFlags(3), optionBytes(go, goData(exportName))]));
    for (;;) {
      const head = await client.#take(optionReplyBytes);
      await client.#take(head.readUInt32BE(16));
      const reply = head.readUInt32BE(12);
      if (reply === acknowledged) return client;
      if (reply >= 0x80000000) throw new Error(`the export is refused: ${reply.toString(16)}`);
    }
  }

  async write(offset: number, payload: Uint8Array): Promise<void> {
    await this.#request({ type: write, offset, payload });
    this.written++;
  }

  async flush(): Promise<void> {
    await this.#request({ type: flush, length: 0 });
  }

  close(): void {
    this.#socket.destroy();
  }

  async #request(fields: {
    readonly type: number;
    readonly offset?: number;
    readonly length?: number;
    readonly payload?: Uint8Array;
  }): Promise<void> {
    this.#cookie++;
    this.#socket.write(requestBytes({ ...fields, cookie: this.#cookie }));
    const reply = await this.#take(replyBytes);
    const error = reply.readUInt32BE(4);
    if (error !== 0) throw new Error(`the request is answered with error ${error}`);
  }

  async #take(length: number): Promise<Buffer> {
    while (this.#received.length < length) {
      if (this.#ended) throw new Error("the server has ended the connection");
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const taken = this.#received.subarray(0, length);
    this.#received = this.#received.subarray(length);
    return taken;
  }
}
