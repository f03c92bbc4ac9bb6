import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import net from "node:net";
import { test } from "node:test";
import { unacknowledgedBytes } from "./tcp-table.ts";

const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100000A:D2D6 0200000A:C000 01 001260B2:00000000 01:00000014 00000000     0        0 6080132 4
   1: 0100000A:D2D7 0200000A:C001 01 00000010:00000000 00:00000000 00000000     0        0 6080133 1
   2: 0100000A:C000 0300000A:C000 01 00000020:00000000 00:00000000 00000000     0        0 6080134 1
`;

test("the unacknowledged bytes of one connection are found by its other end", () => {
  const bytes = (address: string, port: number): number =>
    unacknowledgedBytes(table, { address, port });
  assert.equal(bytes("10.0.0.2", 49152), 1_204_402);
  assert.equal(bytes("10.0.0.2", 49153), 16);
  assert.equal(bytes("10.0.0.3", 49152), 32);
  assert.equal(bytes("10.0.0.4", 49152), 0);
  assert.equal(bytes("fe80::1", 49152), 0);
});

test("an IPv6 end is found however it is written", () => {
  const line =
    "   3: 00000000000000000000000001000000:D2D6 B80D0120000000000000000002000000:C000 01 00000040:00000000";
  for (const address of ["2001:db8::2", "2001:0db8:0:0:0:0:0:2", "2001:db8::0:2%eth0"]) {
    assert.equal(unacknowledgedBytes(line, { address, port: 49152 }), 64, address);
  }
});

for (const [name, host, file] of [
  ["IPv4", "127.0.0.1", "/proc/self/net/tcp"],
  ["IPv6", "::1", "/proc/self/net/tcp6"],
] as const) {
  test(`Linux' own table says what a reader over ${name} has not taken`, async () => {
    const server = net.createServer((socket) => socket.pause());
    await new Promise<void>((resolve) => server.listen(0, host, resolve));
    const { port } = server.address() as net.AddressInfo;
    const read = (): number =>
      unacknowledgedBytes(readFileSync(file, "utf8"), { address: host, port });
    const client = net.connect(port, host);
    await new Promise<void>((resolve) => client.once("connect", () => resolve()));
    assert.equal(read(), 0);
    // More than both ends' buffers hold.
    client.write(Buffer.alloc(64 * 1024 * 1024));
    while (read() === 0) await new Promise((resolve) => setImmediate(resolve));
    client.destroy();
    server.close();
  });
}
