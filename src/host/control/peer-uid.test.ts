import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { groupId } from "../users/users.ts";
import { serveControl } from "./control-server.ts";

const asRoot = process.getuid?.() === 0 ? false : "only root can be somebody else";

const client = `
  const socket = require("node:net").connect(process.argv[1]);
  socket.on("connect", () => socket.write('{"id":1,"method":"who","params":{}}\\n'));
  socket.on("error", (error) => { console.log(error.code); process.exit(0); });
  socket.on("data", (line) => { console.log(String(line)); process.exit(0); });`;

test("a method is told who asks, as the kernel knows it", { skip: asRoot }, async (t) => {
  const socketPath = await served(t, groupId("nogroup"));
  assert.deepEqual(JSON.parse(await askedBy(socketPath, 0)), { id: 1, result: 0 });
  assert.deepEqual(JSON.parse(await askedBy(socketPath, 65534)), { id: 1, result: 65534 });
});

test("without a group nobody but root gets through", { skip: asRoot }, async (t) => {
  const socketPath = await served(t, undefined);
  assert.equal(await askedBy(socketPath, 65534), "EACCES");
});

async function served(t: { after(end: () => Promise<void>): void }, group: number | undefined) {
  const directory = mkdtempSync(path.join(tmpdir(), "holdfast-peer-"));
  chmodSync(directory, 0o755);
  const socketPath = path.join(directory, "control.sock");
  const server = await serveControl({
    socketPath,
    group,
    methods: { who: (_params, { uid }) => uid },
    onBug: (error) => {
      throw error;
    },
  });
  t.after(async () => {
    await server.close();
    rmSync(directory, { recursive: true });
  });
  return socketPath;
}

async function askedBy(socketPath: string, uid: number): Promise<string> {
  const child = spawn(process.execPath, ["-e", client, socketPath], {
    uid,
    gid: uid,
    cwd: "/",
    stdio: ["ignore", "pipe", "inherit"],
  });
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  await once(child, "close");
  return out.trim();
}
