import assert from "node:assert/strict";
import net from "node:net";
import { test } from "node:test";
import { freePort } from "../../../lab/network/free-port.ts";
import type { StreamListener } from "../../ports/streams.ts";
import { TcpStreams } from "./tcp-streams.ts";

test("bytes go both ways in order, and an end is told to the other side once", async () => {
  const { near, far, accepted } = await pair();
  near.streams.write(1, [Buffer.from("one "), Buffer.from("two")]);
  await far.until(`bytes ${accepted} one two`);
  far.streams.write(accepted, [Buffer.from("three")]);
  await near.until("bytes 1 three");
  near.streams.close(1);
  await far.until(`closed ${accepted} the other side ended it`);
  assert.ok(!near.log.some((line) => line.startsWith("closed")));
  await stop(near, far);
});

test("a long message arrives whole", async () => {
  const { near, far, accepted } = await pair();
  const bytes = Buffer.alloc(8 * 1024 * 1024, "x");
  near.streams.write(1, [bytes]);
  await far.until(`bytes ${accepted} ${bytes.toString()}`);
  await stop(near, far);
});

test("nobody there is a close with the system's reason", async () => {
  // One that the kernel gives to nobody who asks for any, such as this very connection.
  const port = await freePort();
  const near = end();
  near.streams.dial(3, { address: "127.0.0.1", port });
  await near.until("closed 3 ECONNREFUSED");
  await stop(near);
});

test("a port in use is HF3043, which says who could have it", async () => {
  const first = end();
  await first.streams.listen(0);
  const second = end();
  await assert.rejects(second.streams.listen(first.streams.port), {
    code: "HF3043",
    remedy: /ss -tlpn/,
  });
  await stop(first, second);
});

test("a peer that takes nothing is given up before it fills the memory", async () => {
  const server = net.createServer({ pauseOnConnect: true });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const near = end();
  near.streams.dial(1, { address: "127.0.0.1", port: (server.address() as net.AddressInfo).port });
  await near.until("connected 1");
  const piece = Buffer.alloc(8 * 1024 * 1024);
  for (let i = 0; i < 8; i++) near.streams.write(1, [piece]);
  await near.until(/^closed 1 more than \d+ bytes wait/);
  await stop(near);
  server.close();
});

type End = {
  readonly streams: TcpStreams;
  readonly log: string[];
  /** Resolves when the log has that line; pieces of bytes are joined. */
  until(line: string | RegExp): Promise<void>;
};

function end(): End {
  const log: string[] = [];
  const waiting: { fits(line: string): boolean; done(): void }[] = [];
  const say = (line: string): void => {
    log.push(line);
    look();
  };
  const look = (): void => {
    for (const waiter of waiting) if (log.some((line) => waiter.fits(line))) waiter.done();
  };
  const listener: StreamListener = {
    accepted: (connection) => say(`accepted ${connection}`),
    connected: (connection) => say(`connected ${connection}`),
    bytes: (connection, bytes) => {
      const start = `bytes ${connection} `;
      const earlier = log.findIndex((line) => line.startsWith(start));
      const text = Buffer.from(bytes).toString();
      if (earlier < 0) return say(start + text);
      log[earlier] += text;
      look();
    },
    closed: (connection, why) => say(`closed ${connection} ${why}`),
  };
  const streams = new TcpStreams(listener);
  return {
    streams,
    log,
    until: (line) =>
      new Promise((resolve) => {
        const fits = (each: string): boolean =>
          typeof line === "string" ? each === line : line.test(each);
        waiting.push({ fits, done: resolve });
        look();
      }),
  };
}

async function pair(): Promise<{
  readonly near: End;
  readonly far: End;
  readonly accepted: number;
}> {
  const far = end();
  await far.streams.listen(0);
  const near = end();
  near.streams.dial(1, { address: "127.0.0.1", port: far.streams.port });
  await near.until("connected 1");
  await far.until("accepted 2");
  return { near, far, accepted: 2 };
}

async function stop(...ends: readonly End[]): Promise<void> {
  for (const each of ends) await each.streams.stop();
}
