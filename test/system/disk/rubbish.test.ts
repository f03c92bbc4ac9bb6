/**
 * Rubbish over the network to real disk servers while somebody writes: from strangers who find the port, from a peer
 * whose words are mixed with others, from clients of the NBD socket. It costs a connection, and nothing else.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { Prng } from "../../../src/base/prng.ts";
import type { Packet } from "../../../src/formats/drbd/packet.ts";
import { encodePacket } from "../../../src/formats/drbd/packet-encode.ts";
import { PacketType } from "../../../src/formats/drbd/packet-type.ts";
import { MeddlingProxy } from "../../disk/meddling-proxy.ts";
import { freePorts, isInSync, PairNode } from "../../disk/server-pair.ts";
import { WritingClient } from "../../nbd/writing-client.ts";

const volumeBytes = 16 * 2 ** 20;
/** Memory that a server may take for a thousand connections with rubbish, once they are gone. */
const growthMaxKib = 150 * 1024;
const prng = new Prng(20n);

test("strangers with rubbish keep nobody waiting, neither the writer nor the peer", async (t) => {
  await withNodes(t, async ({ one, two, proxies }) => {
    await one.up();
    await one.ask("primary", { force: true });
    const writer = await Writer.start(one);
    const before = memoryKib(one);
    const silent = Array.from({ length: 40 }, () => connectTo(one.port));
    for (let round = 0; round < 60; round++) {
      const stranger = connectTo(one.port);
      stranger.write(prng.pick(beginnings)());
      if (round % 3 === 0) stranger.destroy();
    }
    const clients = Array.from({ length: 60 }, () => rubbishClient(one.nbdSocket()));
    await Promise.all(clients);
    await writer.goOn(50);
    assert.ok(memoryKib(one) - before < growthMaxKib, `${memoryKib(one) - before} KiB`);
    await two.up();
    await one.until(isInSync);
    for (const socket of silent) socket.destroy();
    await writer.stop();
    assertEqualDisks(one, two);
    assert.equal(proxies.length, 2);
  });
});

test("a peer whose words are mixed with rubbish costs one connection after the other, and no more", async (t) => {
  await withNodes(t, async ({ one, two, proxies }) => {
    await Promise.all([one.up(), two.up()]);
    await one.until((status) => status.connection.state === "Connected");
    await one.ask("primary", { force: true });
    await one.until(isInSync);
    const writer = await Writer.start(one);
    for (const [what, kind, bytes] of interruptions()) {
      const victim = prng.pick(["one", "two"] as const);
      await inject(proxies, victim, kind, bytes);
      await one.until(isInSync);
      await writer.goOn(5);
      t.diagnostic(`${what}, to ${victim}: over and connected again`);
    }
    await writer.stop();
    await two.until(isInSync);
    assertEqualDisks(one, two);
    for (const node of [one, two]) {
      const given = node
        .log()
        .split("\n")
        .filter((line) => /Assertion|-> StandAlone/.test(line));
      assert.deepEqual(given, [], "nobody has given up");
    }
  });
});

/** What strangers say first. */
const beginnings: readonly (() => Uint8Array)[] = [
  () => prng.bytes(4096),
  () => prng.bytes(3),
  () => Buffer.from("GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
  () => packet({ type: PacketType.InitialMeta }, "80").subarray(0, 5),
  () => packet({ type: PacketType.Ping }, "100"),
  () => Buffer.from("8620ec2000000000ffffffff00000000", "hex"),
  () => packet({ type: PacketType.AuthResponse, payload: prng.bytes(64) }, "80"),
];

/** Between two packets of a connection that is in use. */
function interruptions(): readonly (readonly [string, "data" | "meta", Uint8Array])[] {
  const block = { volume: 0, sector: 64, id: 0x7777n, seq: 0 } as const;
  const payload = prng.bytes(4096);
  return [
    ["bytes that are no packet", "data", prng.bytes(300)],
    ["bytes that are no packet", "meta", prng.bytes(40)],
    ["an unknown packet", "data", Buffer.from("8620ec20000000e50000000400000000", "hex")],
    ["a packet of 4 GiB", "data", Buffer.from("8620ec2000000000ffffffff00000000", "hex")],
    ["a first packet in the middle", "data", packet({ type: PacketType.InitialData }, "100")],
    [
      "an ack on the data socket",
      "data",
      packet({ type: PacketType.WriteAck, ...block, sizeBytes: 4096 }),
    ],
    ["an ack of nothing", "meta", packet({ type: PacketType.WriteAck, ...block, sizeBytes: 4096 })],
    [
      "a barrier's ack of nothing",
      "meta",
      packet({ type: PacketType.BarrierAck, barrier: 9999, setSize: 3 }),
    ],
    [
      "a write to another volume",
      "data",
      packet({ type: PacketType.Data, ...block, volume: 7, flags: 0, payload }),
    ],
    [
      "a resync reply to nothing",
      "data",
      packet({ type: PacketType.RsDataReply, ...block, flags: 0, payload }),
    ],
    [
      "a state that is none",
      "data",
      Buffer.from("8620ec200000000e0000000400000000ffffffff", "hex"),
    ],
  ];
}

function packet(value: Packet, kind: "80" | "100" = "100"): Uint8Array {
  return Buffer.concat(encodePacket(value, kind));
}

type Nodes = {
  readonly one: PairNode;
  readonly two: PairNode;
  /** On the way to two, and on the way to one. */
  readonly proxies: readonly [MeddlingProxy, MeddlingProxy];
};

/** Each dials the other through a proxy. */
async function withNodes(t: TestContext, body: (nodes: Nodes) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(path.join(tmpdir(), "holdfast-rubbish-"));
  const [a, b] = await freePorts();
  const [toTwo, toOne] = await freePorts();
  const more = `
    net { data-integrity-alg crc32c; ping-int 1; timeout 30; connect-int 3; }
    disk { c-max-rate 1G; }`;
  const common = { directory, sizeBytes: volumeBytes, more };
  const one = new PairNode({ ...common, host: "one", ports: [a, toTwo] });
  const two = new PairNode({ ...common, host: "two", ports: [toOne, b] });
  const proxies = [
    await MeddlingProxy.listen(toTwo, b),
    await MeddlingProxy.listen(toOne, a),
  ] as const;
  try {
    await body({ one, two, proxies });
  } catch (error) {
    for (const node of [one, two]) t.diagnostic(node.log().split("\n").slice(-30).join("\n"));
    throw error;
  } finally {
    for (const proxy of proxies) proxy.close();
    await Promise.all([one.kill(), two.kill()]);
    rmSync(directory, { recursive: true });
  }
}

/** As soon as there is such a connection; waits for the victim to end it. */
async function inject(
  [toTwo, toOne]: Nodes["proxies"],
  victim: "one" | "two",
  kind: "data" | "meta",
  bytes: Uint8Array,
): Promise<void> {
  for (;;) {
    const ended =
      toTwo.inject(victim === "one" ? "dialer" : "server", kind, bytes) ??
      toOne.inject(victim === "two" ? "dialer" : "server", kind, bytes);
    if (ended !== undefined) return ended;
    await Promise.race([once(toTwo.events, "greeted"), once(toOne.events, "greeted")]);
  }
}

/** Writes without a pause until it is stopped; an error of a write fails whoever waits for it. */
class Writer {
  readonly #client: WritingClient;
  readonly #running: Promise<void>;
  #stopped = false;
  #onWritten: (() => void) | undefined;

  static async start(node: PairNode): Promise<Writer> {
    return new Writer(await WritingClient.open(node.nbdSocket()));
  }

  private constructor(client: WritingClient) {
    this.#client = client;
    this.#running = this.#run();
  }

  /** Until so many more writes are answered. */
  async goOn(writes: number): Promise<void> {
    const target = this.#client.written + writes;
    while (this.#client.written < target) {
      const next = new Promise<void>((resolve) => {
        this.#onWritten = resolve;
      });
      await Promise.race([next, this.#running]);
      assert.ok(!this.#stopped, "the writer goes on");
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      await this.#client.write(prng.below(volumeBytes / 8192) * 4096, prng.bytes(4096));
      this.#onWritten?.();
    }
    await this.#client.flush();
    this.#client.close();
  }
}

function connectTo(port: number): net.Socket {
  return net.connect(port, "127.0.0.1").on("error", () => {});
}

/** One that says something wrong to the NBD socket, and waits for the server to end it, or leaves. */
async function rubbishClient(socketPath: string): Promise<void> {
  const socket = net.connect(socketPath).on("error", () => {});
  const hello = Buffer.from([0, 0, 0, 3]);
  const badOption = Buffer.concat([hello, Buffer.from("IHAVEOPT"), prng.bytes(8)]);
  socket.write(prng.pick([prng.bytes(512), badOption, Buffer.alloc(64), hello.subarray(0, 2)]));
  socket.end();
  socket.resume();
  await once(socket, "close");
}

function memoryKib(node: PairNode): number {
  const status = readFileSync(`/proc/${node.pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]);
}

/** All that the volume has; the metadata behind it are each node's own. */
function assertEqualDisks(one: PairNode, two: PairNode): void {
  execFileSync("cmp", ["-n", `${volumeBytes / 2}`, one.file, two.file]);
}
