import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { test } from "node:test";
import type { DatagramListener, DatagramSender, Medium } from "../../ports/datagrams.ts";
import { broadcastOf } from "./interface-address.ts";
import { interfaceDatagrams } from "./interface-datagrams.ts";

/**
 * Below what the kernel gives to sockets that ask for any (32768 on), and chosen by chance: other tests run at the same
 * time.
 */
const firstPort = randomInt(20_000, 32_000);
const needsRoot = process.getuid?.() === 0 ? false : "only root may bind a socket to an interface";

test("the broadcast address follows from address and netmask", () => {
  assert.equal(broadcastOf("10.0.0.1", "255.255.255.0"), "10.0.0.255");
  assert.equal(broadcastOf("192.168.5.77", "255.255.252.0"), "192.168.7.255");
  assert.equal(broadcastOf("10.1.2.3", "255.0.0.0"), "10.255.255.255");
  assert.equal(broadcastOf("10.0.0.1", "255.255.255.255"), undefined);
});

test("broadcast and unicast on one interface share its socket", { skip: needsRoot }, async () => {
  const media: Medium[] = [
    { kind: "bcast", interface: "lo" },
    { kind: "ucast", interface: "lo", address: "127.0.0.1" },
  ];
  const heard = await listen(media, firstPort);
  heard.sender.send(Buffer.from("hello"));
  await heard.until(2);
  assert.deepEqual(heard.lines, ["lo 127.0.0.1 hello", "lo 127.0.0.1 hello"]);
  assert.deepEqual(heard.addresses, ["127.0.0.1"]);
  await heard.sender.close();
});

test("a multicast group with a port of its own is heard, too", { skip: needsRoot }, async () => {
  const group = { group: "239.0.0.94", port: firstPort + 1, ttl: 1, loop: true };
  const heard = await listen([{ kind: "mcast", interface: "lo", ...group }], firstPort + 2);
  heard.sender.send(Buffer.from("hello"));
  await heard.until(1);
  assert.deepEqual(heard.lines, ["lo 127.0.0.1 hello"]);
  await heard.sender.close();
});

test("a port in use is HF3040, which says who could have it", { skip: needsRoot }, async () => {
  const port = firstPort + 3;
  const first = await listen([{ kind: "bcast", interface: "lo" }], port);
  await assert.rejects(listen([{ kind: "bcast", interface: "lo" }], port), {
    code: "HF3040",
    message: new RegExp(`UDP port ${port} is in use on lo`),
    remedy: /ss -ulpn/,
  });
  await first.sender.close();
});

test("an interface that is not there is trouble, not an error", { skip: needsRoot }, async () => {
  const heard = await listen([{ kind: "bcast", interface: "no-such0" }], firstPort + 4);
  assert.match(heard.troubles[0] ?? "", /^no-such0 HF3041 interface no-such0 is not there/);
  heard.sender.send(Buffer.from("hello"));
  await heard.sender.close();
});

async function listen(
  media: readonly Medium[],
  port: number,
): Promise<{
  readonly sender: DatagramSender;
  readonly lines: string[];
  readonly troubles: string[];
  readonly addresses: string[];
  until(count: number): Promise<void>;
}> {
  const lines: string[] = [];
  const troubles: string[] = [];
  const addresses: string[] = [];
  let onLine = (): void => {};
  const listener: DatagramListener = {
    datagram: (path, address, bytes) => {
      lines.push(`${path} ${address} ${Buffer.from(bytes).toString()}`);
      onLine();
    },
    addresses: (each) => addresses.push(...each),
    trouble: (path, trouble) => {
      troubles.push(
        trouble === undefined ? `${path} works` : `${path} ${trouble.code} ${trouble.message}`,
      );
    },
  };
  const sender = await interfaceDatagrams.open({ media, port }, listener);
  const until = (count: number): Promise<void> =>
    new Promise((resolve) => {
      onLine = () => {
        if (lines.length >= count) resolve();
      };
      onLine();
    });
  return { sender, lines, troubles, addresses, until };
}
