/**
 * A small NBD server for these tests (the protocol's fixed newstyle negotiation, simple replies): what a disk server
 * shows to QEMU, over bytes in memory. The gate decides about each request, as a DRBD role would.
 */
import net from "node:net";

export type NbdGate = {
  /** 0, or the errno that a read or a write is answered with. */
  read(): number;
  write(): number;
  /** Whether an export of that name can be opened now; then it is, until closed. */
  open(exportName: string): boolean;
  closed(): void;
};

export type NbdServer = { close(): Promise<void> };

const magic = { init: 0x4e42444d41474943n, option: 0x49484156454f5054n, reply: 0x3e889045565a9n };
const reply = { ack: 1, info: 3, unsupported: 0x80000001, unknown: 0x80000006 };
/** HAS_FLAGS, SEND_FLUSH, SEND_FUA, SEND_TRIM, SEND_WRITE_ZEROES, CAN_MULTI_CONN */
const transmissionFlags = 0x1 | 0x4 | 0x8 | 0x20 | 0x40 | 0x100;

export async function serveNbd(path: string, disk: Buffer, gate: NbdGate): Promise<NbdServer> {
  const all = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    all.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => all.delete(socket));
    serve(socket, disk, gate).catch(() => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    close: async () => {
      for (const socket of all) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function serve(socket: net.Socket, disk: Buffer, gate: NbdGate): Promise<void> {
  const read = reader(socket);
  const hello = Buffer.alloc(18);
  hello.writeBigUInt64BE(magic.init, 0);
  hello.writeBigUInt64BE(magic.option, 8);
  hello.writeUInt16BE(3, 16);
  socket.write(hello);
  await read(4);
  if (!(await negotiate(socket, read, disk, gate))) return;
  if (socket.closed) gate.closed();
  else socket.on("close", () => gate.closed());
  for (;;) await answerRequest(socket, read, disk, gate);
}

/** True when the client goes on to transmission. */
async function negotiate(
  socket: net.Socket,
  read: (length: number) => Promise<Buffer>,
  disk: Buffer,
  gate: NbdGate,
): Promise<boolean> {
  for (;;) {
    const head = await read(16);
    const option = head.readUInt32BE(8);
    const data = await read(head.readUInt32BE(12));
    const answer = (type: number, payload: Buffer = Buffer.alloc(0)): void => {
      const out = Buffer.alloc(20);
      out.writeBigUInt64BE(magic.reply, 0);
      out.writeUInt32BE(option, 8);
      out.writeUInt32BE(type, 12);
      out.writeUInt32BE(payload.length, 16);
      socket.write(Buffer.concat([out, payload]));
    };
    const isInfo = option === 6;
    if (option === 2) {
      answer(reply.ack);
      socket.end();
      return false;
    }
    if (!isInfo && option !== 7) {
      answer(reply.unsupported);
      continue;
    }
    const name = data.subarray(4, 4 + data.readUInt32BE(0)).toString("utf8");
    if (!gate.open(name)) {
      answer(reply.unknown);
      continue;
    }
    if (isInfo) gate.closed();
    const info = Buffer.alloc(12);
    info.writeBigUInt64BE(BigInt(disk.length), 2);
    info.writeUInt16BE(transmissionFlags, 10);
    answer(reply.info, info);
    answer(reply.ack);
    if (!isInfo) return true;
  }
}

async function answerRequest(
  socket: net.Socket,
  read: (length: number) => Promise<Buffer>,
  disk: Buffer,
  gate: NbdGate,
): Promise<void> {
  const head = await read(28);
  const command = head.readUInt16BE(6);
  const offset = Number(head.readBigUInt64BE(16));
  const length = head.readUInt32BE(24);
  const out = Buffer.alloc(16);
  out.writeUInt32BE(0x67446698, 0);
  head.copy(out, 8, 8, 16);
  const payload = command === 1 ? await read(length) : undefined;
  if (command === 2) {
    socket.end();
    throw new Error("disconnected");
  }
  const error = command === 0 ? gate.read() : command === 3 ? 0 : gate.write();
  out.writeUInt32BE(error, 4);
  if (error === 0 && command === 1) payload?.copy(disk, offset);
  if (error === 0 && (command === 4 || command === 6)) disk.fill(0, offset, offset + length);
  socket.write(out);
  if (error === 0 && command === 0)
    socket.write(Buffer.from(disk.subarray(offset, offset + length)));
}

/** Reads exact numbers of bytes; rejects when the connection ends. */
function reader(socket: net.Socket): (length: number) => Promise<Buffer> {
  let buffered = Buffer.alloc(0);
  let wake: () => void = () => undefined;
  let ended = false;
  socket.on("data", (chunk: Buffer) => {
    buffered = Buffer.concat([buffered, chunk]);
    wake();
  });
  socket.on("close", () => {
    ended = true;
    wake();
  });
  return async (length) => {
    while (buffered.length < length) {
      if (ended) throw new Error("ended");
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    const taken = buffered.subarray(0, length);
    buffered = buffered.subarray(length);
    return taken;
  };
}
