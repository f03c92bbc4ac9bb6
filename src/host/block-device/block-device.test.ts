import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readlinkSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import {
  attachBlockDevice,
  type BlockDevice,
  detachBlockDevice,
  removeBlockDevice,
} from "./block-device.ts";
import { attachLoop, detachLoop, loopBackingFile } from "./loop-device.ts";

const skip = missing();

test("a block device is made over an NBD export, refused while in use, and removed without a trace", {
  skip,
}, async () => {
  await withExport(async (wanted, file) => {
    await attachBlockDevice(wanted);
    await attachBlockDevice(wanted);
    const loop = readlinkSync(wanted.device);
    execFileSync("mkfs.ext4", ["-q", wanted.device]);
    const mountPoint = path.join(path.dirname(wanted.device), "mnt");
    mkdirSync(mountPoint);
    execFileSync("mount", [wanted.device, mountPoint]);
    writeFileSync(path.join(mountPoint, "f"), "kept");
    assert.equal(await detachBlockDevice(wanted), false, "mounted");
    execFileSync("umount", [mountPoint]);
    const fd = openSync(wanted.device, "r");
    assert.equal(await detachBlockDevice(wanted), false, "open");
    closeSync(fd);
    assert.equal(await detachBlockDevice(wanted), true);
    assert.ok(!existsSync(wanted.device) && !existsSync(wanted.directory));
    // Somebody else may have it already.
    const behind = loopBackingFile(loop) ?? "";
    assert.ok(![path.join(wanted.directory, "nbd"), "/nbd"].includes(behind));
    assert.equal(await detachBlockDevice(wanted), true, "there is none");
    const kept = execFileSync("debugfs", ["-R", "cat /f", file], { stdio: "pipe" });
    assert.equal(kept.toString(), "kept");
  });
});

test("who only looks at a block device for a moment does not keep it", { skip }, async () => {
  await withExport(async (wanted) => {
    await attachBlockDevice(wanted);
    const fd = openSync(wanted.device, "r");
    // Longer than one attempt to free it takes, and far shorter than its user would have it open.
    setTimeout(() => closeSync(fd), 100);
    assert.equal(await detachBlockDevice(wanted), true);
    assert.ok(!existsSync(wanted.device));
  });
});

test("a device whose server was gone for a moment is replaced, unless it is in use", {
  skip,
}, async () => {
  await withExport(async (wanted, _file, restart) => {
    await attachBlockDevice(wanted);
    await restart();
    await assert.rejects(detachBlockDevice(wanted), { code: "HF2134" });
    const fd = openSync(wanted.device, "r");
    await assert.rejects(attachBlockDevice(wanted), { code: "HF2133" });
    closeSync(fd);
    await attachBlockDevice(wanted);
    const bytes = readFileSync(wanted.device).subarray(0, 4096);
    assert.equal(bytes.length, 4096);
    assert.equal(await detachBlockDevice(wanted), true);
  });
});

test("two who look for a free loop device at the same time get two", { skip }, async () => {
  const dir = mkdtempSync(path.join(tmpdir(), "holdfast-loop-"));
  const file = path.join(dir, "f");
  writeFileSync(file, Buffer.alloc(65536));
  const script = `import { attachLoop } from ${JSON.stringify(path.resolve(import.meta.dirname, "loop-device.ts"))};
    console.log(attachLoop(${JSON.stringify(file)}));`;
  const loops = await Promise.all(
    [1, 2, 3].map(
      () =>
        new Promise<string>((resolve) => {
          const child = spawn(process.execPath, ["--input-type=module", "-e", script]);
          let text = "";
          child.stdout.on("data", (more) => {
            text += more;
          });
          child.once("close", () => resolve(text.trim()));
        }),
    ),
  );
  loops.push(attachLoop(file));
  assert.equal(new Set(loops).size, 4);
  for (const loop of loops) assert.equal(await detachLoop(loop), true);
  rmSync(dir, { recursive: true });
});

async function withExport(
  body: (wanted: BlockDevice, file: string, restart: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const dir = mkdtempSync(path.join(tmpdir(), "holdfast-block-"));
  const file = path.join(dir, "volume");
  writeFileSync(file, "");
  truncateSync(file, 64 * 1024 * 1024);
  const socketPath = path.join(dir, "s");
  const start = () => startExport(file, socketPath);
  let server = await start();
  const wanted: BlockDevice = {
    device: path.join(dir, "drbd0"),
    directory: path.join(dir, "r0-0"),
    socketPath,
    exportName: "0",
    log: path.join(dir, "log"),
  };
  try {
    await body(wanted, file, async () => {
      await stop(server);
      server = await start();
    });
  } finally {
    await removeBlockDevice(wanted);
    await stop(server);
    rmSync(dir, { recursive: true });
  }
}

type Server = ReturnType<typeof spawn>;

async function startExport(file: string, socketPath: string): Promise<Server> {
  rmSync(socketPath, { force: true });
  const server = spawn("qemu-nbd", [
    "-f",
    "raw",
    "-x",
    "0",
    "-k",
    socketPath,
    "-t",
    "-e",
    "8",
    file,
  ]);
  // Its socket is there before it listens.
  while (!(await isListening(socketPath))) {
    assert.equal(server.exitCode, null, "qemu-nbd runs");
    await sleep(5);
  }
  return server;
}

function isListening(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(socketPath);
    socket.once("error", () => resolve(false));
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.once("exit", () => resolve());
    server.kill();
  });
}

function missing(): string | false {
  if (process.getuid?.() !== 0) return "needs root";
  for (const device of ["/dev/fuse", "/dev/loop-control"])
    if (!existsSync(device)) return `needs ${device}`;
  for (const command of ["nbdfuse", "qemu-nbd", "mkfs.ext4", "debugfs"]) {
    try {
      execFileSync("sh", ["-c", `command -v ${command}`]);
    } catch {
      return `needs ${command}`;
    }
  }
  return false;
}
