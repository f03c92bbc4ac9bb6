/** The client and the guest's own script, together on this machine: each connection is served by `ledger talk`. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { LedgerClient, type LedgerNews } from "./ledger-client.ts";

const script = path.resolve(import.meta.dirname, "../guest/root/usr/sbin/ledger");
const shell = spawnSync("busybox", ["true"]).status === 0 ? ["busybox", "sh"] : ["sh"];

test("records are appended and read back, each acknowledged once", async () => {
  await withLedger(async ({ file, client, news }) => {
    client.start();
    await news((one) => one.kind === "answers");
    await acknowledged(client, 20);
    await client.stop();
    const lines = await client.readBack(10_000);
    assert.equal(lines.length, client.account?.acknowledged);
    assert.equal(readFileSync(file, "utf8"), `${lines.join("\n")}\n`);
    assert.deepEqual(client.account?.verdict(lines), {
      acknowledged: lines.length,
      present: lines.length,
      lost: 0,
      doubled: 0,
      boots: 1,
    });
  });
});

test("connections that break at any moment lose and double nothing", async () => {
  await withLedger(async ({ client, breakConnection, connections }) => {
    client.start();
    for (let round = 1; round <= 8; round++) {
      // Three more than there are: at most one of them can have been on its way over the last connection.
      await acknowledged(client, (client.account?.acknowledged ?? 0) + 3);
      breakConnection();
    }
    await acknowledged(client, (client.account?.acknowledged ?? 0) + 3);
    await client.stop();
    const verdict = client.account?.verdict(await client.readBack(10_000));
    assert.ok(connections() >= 8);
    assert.deepEqual([verdict?.lost, verdict?.doubled], [0, 0]);
  });
});

test("a guest that is slower than its client has patience for is given more", async () => {
  const server = net.createServer((socket) => {
    socket.setEncoding("utf8").on("error", () => {});
    socket.on("data", (line: string) => {
      const reply = line.startsWith("boot")
        ? `boot ${"0".repeat(36)} 1 0`
        : `ok ${line.split(" ")[1]}`;
      setTimeout(() => socket.write(`${reply}\n`), 150);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as net.AddressInfo;
  const guest = { name: "g", address: "127.0.0.1", port };
  const client = new LedgerClient(guest, "run", () => {}, 50);
  client.start();
  await acknowledged(client, 2);
  await client.stop();
  server.close();
});

test("a client goes on after the last record that is there", async () => {
  await withLedger(async ({ file, client }) => {
    writeFileSync(file, "1 old-1\n2 old-2\n");
    client.start();
    await acknowledged(client, 3);
    await client.stop();
    const text = readFileSync(file, "utf8");
    assert.match(text, /^1 old-1\n2 old-2\n3 run-3\n4 run-4\n/);
  });
});

test("acknowledged records that are gone are told as soon as the guest answers", async () => {
  await withLedger(async ({ file, client, news, pause }) => {
    client.start();
    await acknowledged(client, 5);
    const goOn = await pause();
    writeFileSync(file, "1 run-1\n");
    goOn();
    await news((one) => one.kind === "lost");
    await client.stop();
    const verdict = client.account?.verdict(await client.readBack(10_000));
    assert.ok((verdict?.lost ?? 0) >= 3);
  });
});

test("the ledger acknowledges a number that is present without a second record", () => {
  assert.deepEqual(talk("put 1 a\nput 1 a\nput 2 b\nread\n", ""), [
    ...["ok 1", "ok 1", "ok 2"],
    ...["1 a", "2 b", "end"],
  ]);
});

test("what is no record is not acknowledged", () => {
  const replies = talk("put\nput x y\nput -1 z\nhello\nread\n", "");
  assert.deepEqual(replies, [...Array(3).fill("error no number"), "error unknown request", "end"]);
});

test("a record torn by a crash is dropped before anything is promised", () => {
  assert.deepEqual(talk("put 3 c\nread\n", "1 a\n2 b\n3 torn"), [
    "ok 3",
    ...["1 a", "2 b", "3 c", "end"],
  ]);
});

test("a record that cannot be written is not acknowledged, nor is any after it", () => {
  const replies = talk("put 1 a\nput 2 b\n", "", "/dev/full");
  assert.deepEqual(replies, ["error fsync failed"]);
});

/** What the script replies to that input, with that content of the file before. */
function talk(input: string, before: string, link?: string): readonly string[] {
  const dir = mkdtempSync(path.join(tmpdir(), "holdfast-ledger-"));
  try {
    const file = path.join(dir, "records");
    if (link === undefined) appendFileSync(file, before);
    else spawnSync("ln", ["-s", link, file]);
    const [command = "", ...args] = shell;
    const env = { ...process.env, LEDGER_DIR: dir, LEDGER_RUN: dir };
    const run = spawnSync(command, [...args, script, "talk"], { input, env, encoding: "utf8" });
    return run.stdout.trimEnd().split("\n");
  } finally {
    rmSync(dir, { recursive: true });
  }
}

type Ledger = {
  readonly file: string;
  readonly client: LedgerClient;
  news(condition: (one: LedgerNews) => boolean): Promise<void>;
  breakConnection(): void;
  connections(): number;
  /** Ends the connection and what serves it, and accepts none until the returned function is called. */
  pause(): Promise<() => void>;
};

async function withLedger(body: (ledger: Ledger) => Promise<void>): Promise<void> {
  const dir = mkdtempSync(path.join(tmpdir(), "holdfast-ledger-"));
  const sockets = new Set<net.Socket>();
  let connections = 0;
  let paused = false;
  let onEnd = (): void => {};
  // One at a time, as in the guest: a second client is refused.
  const server = net.createServer((socket) => {
    if (sockets.size > 0 || paused) {
      socket.destroy();
      return;
    }
    connections += 1;
    sockets.add(socket);
    const [command = "", ...args] = shell;
    const child = spawn(command, [...args, script, "talk"], {
      env: { ...process.env, LEDGER_DIR: dir, LEDGER_RUN: dir },
      stdio: ["pipe", "pipe", "ignore"],
    });
    socket.on("error", () => socket.destroy());
    child.stdin.on("error", () => {});
    socket.pipe(child.stdin);
    child.stdout.pipe(socket);
    socket.once("close", () => child.stdin.end());
    child.once("close", () => {
      sockets.delete(socket);
      socket.destroy();
      onEnd();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as net.AddressInfo;
  const heard: LedgerNews[] = [];
  let wake = (): void => {};
  const client = new LedgerClient({ name: "g", address: "127.0.0.1", port }, "run", (one) => {
    heard.push(one);
    wake();
  });
  const news = async (condition: (one: LedgerNews) => boolean): Promise<void> => {
    while (!heard.some(condition)) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  const breakConnection = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const pause = async (): Promise<() => void> => {
    paused = true;
    breakConnection();
    while (sockets.size > 0) {
      await new Promise<void>((resolve) => {
        onEnd = resolve;
      });
    }
    return () => {
      paused = false;
    };
  };
  try {
    const file = path.join(dir, "records");
    await body({ file, client, news, breakConnection, connections: () => connections, pause });
  } finally {
    await client.stop();
    breakConnection();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    rmSync(dir, { recursive: true, force: true });
  }
}

async function acknowledged(client: LedgerClient, count: number): Promise<void> {
  while ((client.account?.acknowledged ?? 0) < count) {
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
