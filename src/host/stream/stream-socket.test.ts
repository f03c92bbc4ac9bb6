import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { StreamSocket } from "./stream-socket.ts";

test("small and large parts arrive in order, whatever the kernel takes at once", async () => {
  for (const kind of ["unix", "tcp"] as const) {
    await withPair(kind, async (stream, client) => {
      const expected: Buffer[] = [];
      for (let i = 0; i < 300; i++) {
        const part = Buffer.alloc(i % 7 === 0 ? 200_000 : 1 + ((i * 37) % 5000), i);
        expected.push(part);
        stream.send(part);
        if (i % 5 === 0) stream.flush();
      }
      stream.flush();
      assert.ok(stream.queuedBytes > 0);
      stream.end();
      assert.ok((await readToEnd(client)).equals(Buffer.concat(expected)));
    });
  }
});

test("what is received lands where the owner says, also after a pause", async () => {
  await withPair("unix", async (stream, client, owner) => {
    stream.start();
    client.write("first");
    await owner.has(5);
    stream.pauseReading();
    owner.memory = Buffer.alloc(3);
    client.write("second");
    stream.resumeReading();
    await owner.has(11);
    assert.equal(Buffer.concat(owner.pieces).toString(), "firstsecond");
  });
});

test("the owner is told once that the connection is closed, and why if it was no ordinary end", async () => {
  await withPair("unix", async (stream, client, owner) => {
    stream.start();
    client.end();
    assert.equal(await owner.isClosed, "");
    stream.send(Buffer.from("nobody"));
    stream.flush();
    assert.equal(stream.isOpen, false);
  });
  await withPair("tcp", async (stream, client, owner) => {
    stream.start();
    client.resetAndDestroy();
    assert.equal(await owner.isClosed, "ECONNRESET");
  });
  await withPair("tcp", async (stream, _client, owner) => {
    stream.start();
    stream.destroy("we had enough");
    assert.equal(await owner.isClosed, "we had enough");
  });
});

test("progress is told until a queue has left", async () => {
  await withPair("unix", async (stream, client, owner) => {
    stream.send(Buffer.alloc(4_000_000));
    stream.flush();
    assert.ok(stream.queuedBytes > 0);
    client.resume();
    await owner.isDrained;
    assert.equal(stream.queuedBytes, 0);
  });
});

class Owner {
  memory: Buffer = Buffer.alloc(65536);
  stream: StreamSocket | undefined;
  readonly pieces: Buffer[] = [];
  #waiting: { readonly bytes: number; readonly resolve: () => void } | undefined;
  #tellClosed: (reason: string) => void = () => {};
  #tellDrained: () => void = () => {};
  readonly isClosed: Promise<string> = new Promise((resolve) => {
    this.#tellClosed = resolve;
  });
  readonly isDrained: Promise<void> = new Promise((resolve) => {
    this.#tellDrained = resolve;
  });

  receiveInto(): Uint8Array {
    return this.memory;
  }

  received(lengthBytes: number): void {
    this.pieces.push(Buffer.from(this.memory.subarray(0, lengthBytes)));
    if (this.#waiting && this.#total() >= this.#waiting.bytes) this.#waiting.resolve();
  }

  progressed(): void {
    if (this.stream?.queuedBytes === 0) this.#tellDrained();
  }

  closed(reason: string): void {
    this.#tellClosed(reason);
  }

  has(bytes: number): Promise<void> {
    if (this.#total() >= bytes) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting = { bytes, resolve };
    });
  }

  #total(): number {
    return this.pieces.reduce((sum, piece) => sum + piece.length, 0);
  }
}

async function withPair(
  kind: "unix" | "tcp",
  body: (stream: StreamSocket, client: net.Socket, owner: Owner) => Promise<void>,
): Promise<void> {
  const dir = mkdtempSync(path.join(tmpdir(), "holdfast-stream-"));
  const server = net.createServer({ pauseOnConnect: true });
  await new Promise<void>((resolve) => {
    if (kind === "unix") server.listen(path.join(dir, "s"), resolve);
    else server.listen(0, "127.0.0.1", resolve);
  });
  const accepted = new Promise<net.Socket>((resolve) => server.once("connection", resolve));
  const address = server.address() as string | net.AddressInfo;
  const client =
    typeof address === "string" ? net.connect(address) : net.connect(address.port, address.address);
  const owner = new Owner();
  const stream = new StreamSocket(await accepted, owner);
  owner.stream = stream;
  client.on("error", () => {});
  try {
    await body(stream, client, owner);
  } finally {
    stream.destroy();
    client.destroy();
    await new Promise((resolve) => server.close(resolve));
    rmSync(dir, { recursive: true });
  }
}

function readToEnd(socket: net.Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  return new Promise((resolve) => {
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("end", () => resolve(Buffer.concat(chunks)));
  });
}
