import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { controlLineBytesMax } from "../../api/protocol.ts";
import { UserError } from "../../api/user-error.ts";
import { connectControl, controlRequest } from "./control-client.ts";
import { serveControl } from "./control-server.ts";

async function withServer(
  body: (socketPath: string, bugs: unknown[]) => Promise<void>,
): Promise<void> {
  const dir = mkdtempSync(path.join(tmpdir(), "holdfast-control-"));
  const socketPath = path.join(dir, "c.sock");
  const bugs: unknown[] = [];
  const server = await serveControl({
    socketPath,
    onBug: (error) => bugs.push(error),
    methods: {
      echo: (params) => params,
      refuse: () => {
        throw new UserError("HF9003", "no", { remedy: "ask again", exit: 17 });
      },
      broken: () => {
        throw new Error("bug");
      },
      watch: (_params, client) => {
        setImmediate(() => client.sendEvent("tick", { n: 1 }));
      },
    },
  });
  try {
    await body(socketPath, bugs);
  } finally {
    await server.close();
    rmSync(dir, { recursive: true });
  }
}

test("replies match their requests, in whatever order they are asked", async () => {
  await withServer(async (socketPath) => {
    const connection = await connectControl(socketPath, "test");
    const replies = await Promise.all([1, 2, 3].map((n) => connection.request("echo", { n })));
    assert.deepEqual(replies, [{ n: 1 }, { n: 2 }, { n: 3 }]);
    connection.close();
  });
});

test("a refusal arrives with its code, remedy and exit code", async () => {
  await withServer(async (socketPath, bugs) => {
    await assert.rejects(controlRequest(socketPath, "test", "refuse"), (error: UserError) => {
      assert.deepEqual(
        [error.code, error.message, error.remedy, error.exit],
        ["HF9003", "no", "ask again", 17],
      );
      return true;
    });
    assert.equal(bugs.length, 0);
  });
});

test("a bug is answered as HF9001 and told to the daemon", async () => {
  await withServer(async (socketPath, bugs) => {
    await assert.rejects(controlRequest(socketPath, "test", "broken"), { code: "HF9001" });
    assert.equal(bugs.length, 1);
  });
});

test("an unknown method names the known ones", async () => {
  await withServer(async (socketPath) => {
    await assert.rejects(controlRequest(socketPath, "test", "toString"), /known are broken, echo/);
  });
});

test("events reach the client that subscribed", async () => {
  await withServer(async (socketPath) => {
    const connection = await connectControl(socketPath, "test");
    const event = new Promise((resolve) =>
      connection.onEvent((name, data) => resolve([name, data])),
    );
    await connection.request("watch");
    assert.deepEqual(await event, ["tick", { n: 1 }]);
    connection.close();
  });
});

test("a line that is no JSON gets an error, and the server goes on", async () => {
  await withServer(async (socketPath) => {
    const socket = net.createConnection(socketPath);
    const reply = new Promise<string>((resolve) =>
      socket.once("data", (chunk) => resolve(String(chunk))),
    );
    socket.write("rubbish\n");
    assert.match(await reply, /HF9003/);
    socket.destroy();
    assert.deepEqual(await controlRequest(socketPath, "test", "echo", { a: 1 }), { a: 1 });
  });
});

test("a request that is too long is refused by the client, and ends a stranger's connection", async () => {
  await withServer(async (socketPath) => {
    const connection = await connectControl(socketPath, "test");
    const text = "x".repeat(controlLineBytesMax);
    await assert.rejects(connection.request("echo", { text }), { code: "HF4611", exit: 65 });
    const stranger = net.createConnection(socketPath);
    stranger.on("error", () => {});
    stranger.write(Buffer.alloc(controlLineBytesMax + 1, "x"));
    await once(stranger, "close");
    assert.deepEqual(await connection.request("echo", { n: 1 }), { n: 1 });
    connection.close();
  });
});

test("nobody there is HF9002 and says who is missing", async () => {
  await assert.rejects(controlRequest("/nonexistent.sock", "holdfastd", "x"), {
    code: "HF9002",
    message: /holdfastd does not answer/,
  });
});
