import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import net from "node:net";
import { test } from "node:test";
import { missingProgram, runProgram } from "../../../test/disk/programs.ts";
import { withServed } from "../../../test/disk/served-fixture.ts";
import type { DiskResourceStatus } from "../../api/disk-status.ts";
import { connectControl } from "../../host/control/control-client.ts";

const noClients = missingProgram("qemu-io", "nbdinfo", "nbdcopy");

test("a second server of the same resource, or on the same disk, is refused with a sentence", async () => {
  await withServed(async ({ ask, paths, file }) => {
    await ask("attach", { volume: 0 });
    const { takeLock } = await import("./server-lock.ts");
    assert.throws(() => takeLock(paths.lock, "r0"), {
      code: "HF2146",
      message: `r0 is up already: process ${process.pid} serves it`,
    });
    const { openDevice } = await import("../../host/store/open-device.ts");
    const second = openDevice(file);
    assert.ok(!second.ok);
    assert.deepEqual(
      [second.error.code, second.error.message],
      ["EBUSY", `${file} is used by another process`],
    );
    await assert.rejects(ask("attach", { volume: 0 }), { code: "HF2143", exit: 10 });
    await assert.rejects(ask("attach", { volume: 7 }), { code: "HF2142" });
  });
});

test("only root may use the sockets and see the configuration", async () => {
  await withServed(async ({ paths }) => {
    for (const file of [paths.controlSocket, paths.nbdSocket(0), paths.config])
      assert.equal(statSync(file).mode & 0o077, 0, file);
    assert.equal(JSON.parse(readFileSync(paths.config, "utf8")).name, "r0");
  });
});

test("a volume is refused while Secondary, served while Primary, and a standby export waits", {
  skip: noClients,
}, async () => {
  await withServed(async ({ ask, uri }) => {
    await ask("attach", { volume: 0 });
    assert.notEqual((await runProgram("nbdinfo", ["--size", uri()])).status, 0);
    const refused = await runProgram("qemu-io", ["-f", "raw", "-c", "read 0 4k", uri()]);
    assert.match(refused.stderr, /r0 is Secondary here: drbdadm primary r0/);
    const standby = await runProgram("nbdinfo", ["--size", uri("standby-0")]);
    assert.equal(standby.stdout.trim(), String(64 * 1024 * 1024));
    const early = await runProgram("qemu-io", ["-f", "raw", "-c", "read 0 4k", uri("standby-0")]);
    assert.match(early.stdout + early.stderr, /Operation not permitted/);
    await ask("primary");
    const served = await runProgram("qemu-io", [
      ...["-f", "raw"],
      ...["-c", "write -P 7 1M 3M", "-c", "read -P 7 1M 3M", "-c", "read -P 0 0 1M"],
      ...["-c", "write -z -u 2M 1M", "-c", "read -P 0 2M 1M", "-c", "write -f -P 9 5M 4k"],
      ...["-c", "discard 1M 64k", "-c", "flush", "-c", "read -P 9 5M 4k"],
      uri("standby-0"),
    ]);
    assert.equal(served.status, 0, served.stdout + served.stderr);
    assert.doesNotMatch(served.stdout, /fail|error/i);
    const list = await runProgram("nbdinfo", ["--list", "--json", uri("")]);
    const names = JSON.parse(list.stdout).exports.map(
      (one: Record<string, string>) => one["export-name"],
    );
    assert.deepEqual(names, ["0", "standby-0"]);
    const unknown = await runProgram("qemu-io", ["-f", "raw", "-c", "quit", uri("9")]);
    assert.match(unknown.stderr, /r0 has no export "9"; it has 0, standby-0/);
  });
});

test("a copy made over NBD is the disk, holes included", { skip: noClients }, async () => {
  await withServed(async ({ ask, uri, file, directory }) => {
    await ask("attach", { volume: 0 });
    await ask("primary");
    const pattern = ["-c", "write -P 3 3M 2M", "-c", "write -P 4 40M 1M"];
    await runProgram("qemu-io", ["-f", "raw", ...pattern, uri()]);
    const map = await runProgram("nbdinfo", ["--map", "--json", uri()]);
    const extents = JSON.parse(map.stdout) as { readonly offset: number; readonly type: number }[];
    assert.deepEqual(
      extents.map((one) => [one.offset >> 20, one.type]),
      [
        [0, 3],
        [3, 0],
        [5, 3],
        [40, 0],
        [41, 3],
      ],
    );
    const copy = `${directory}/copy`;
    const copied = await runProgram("nbdcopy", [uri(), copy]);
    assert.equal(copied.status, 0, copied.stderr);
    assert.ok(readFileSync(copy).equals(readFileSync(file)));
    assert.ok(statSync(copy).blocks * 512 < 8 * 1024 * 1024, "the copy is sparse");
    const back = await runProgram("nbdcopy", ["--allocated", copy, uri()]);
    assert.equal(back.status, 0, back.stderr);
    assert.ok(readFileSync(copy).equals(readFileSync(file)));
  });
});

test("demotion and shutdown are refused while a client has a volume open, then done", async () => {
  await withServed(async ({ ask, paths, exits, file }) => {
    await ask("attach", { volume: 0 });
    await ask("primary");
    const client = net.connect(paths.nbdSocket(0));
    await openExport(client);
    await assert.rejects(ask("secondary"), {
      exit: 11,
      message: "State change failed: (-12) Device is held open by someone",
    });
    await assert.rejects(ask("shutdown"), { exit: 11 });
    client.destroy();
    await ask("secondary");
    const connection = await connectControl(paths.controlSocket, "the disk server");
    const isClosed = new Promise<void>((resolve) => connection.onClose(resolve));
    await connection.request("shutdown");
    const { openDevice } = await import("../../host/store/open-device.ts");
    assert.ok(openDevice(file).ok, "the disk is free when the answer comes");
    assert.ok(!existsSync(paths.config));
    await isClosed;
    assert.deepEqual(exits, [0]);
  });
});

test("a server that says that it is down has left its sockets to the next one", async () => {
  await withServed(async ({ served, paths }) => {
    await served.shutdown({ force: false, clientsReturn: false });
    for (const file of [paths.controlSocket, paths.nbdSocket(0)]) assert.ok(!existsSync(file));
  });
});

test("a volume can be taken away from its client, who is cut off", async () => {
  await withServed(async ({ ask, paths }) => {
    await ask("attach", { volume: 0 });
    await ask("primary");
    const client = net.connect(paths.nbdSocket(0));
    await openExport(client);
    const isCut = new Promise<void>((resolve) => client.on("close", () => resolve()));
    client.on("error", () => undefined);
    await ask("secondary", { takeAway: true });
    await isCut;
    const status = (await ask("status")) as { readonly role: string };
    assert.equal(status.role, "Secondary");
    await ask("primary");
    const next = net.connect(paths.nbdSocket(0));
    await openExport(next);
    next.destroy();
  });
});

test("SIGTERM while a guest uses the volume is refused, and says so", async () => {
  await withServed(async ({ ask, paths, exits, log, served }) => {
    await ask("attach", { volume: 0 });
    await ask("primary");
    const client = net.connect(paths.nbdSocket(0));
    await openExport(client);
    await served.onTerminate();
    assert.deepEqual(exits, []);
    assert.match(log.at(-1) ?? "", /asked to end, and refused: .*held open/);
    client.destroy();
    await served.onTerminate();
    await new Promise((resolve) => setImmediate(resolve));
    assert.match(log.at(-1) ?? "", /INFO drbd r0: ended/);
  });
});

test("those who watch are told of changes, and only of these", async () => {
  await withServed(async ({ ask, paths }) => {
    const connection = await connectControl(paths.controlSocket, "the disk server");
    const seen: string[] = [];
    const isPrimary = new Promise<void>((resolve) => {
      connection.onEvent((event, data) => {
        const { role, volumes } = data as DiskResourceStatus;
        seen.push(`${event} ${role} ${volumes[0]?.disk}`);
        if (role === "Primary") resolve();
      });
    });
    const now = (await connection.request("watch")) as DiskResourceStatus;
    assert.equal(now.role, "Secondary");
    await ask("attach", { volume: 0 });
    await ask("status");
    await ask("primary");
    await isPrimary;
    assert.deepEqual(seen, ["status Secondary UpToDate", "status Primary UpToDate"]);
    connection.close();
  });
});

test("wrong parameters are refused, and the server goes on", async () => {
  await withServed(async ({ ask }) => {
    await assert.rejects(ask("attach", { volume: "0" }), { code: "HF9003" });
    await assert.rejects(ask("primary", { force: 1 }), { code: "HF9003" });
    await assert.rejects(ask("fencing", { policy: "sometimes" }), { code: "HF9003" });
    assert.equal(((await ask("status")) as DiskResourceStatus).name, "r0");
  });
});

test("a failed assertion stops the process", async () => {
  await withServed(async ({ exits, log, served }) => {
    served.fail(new Error("this cannot be"));
    assert.deepEqual(exits, [70]);
    assert.match(
      log.at(-1) ?? "",
      /ERROR drbd r0: internal error, stopping: Error: this cannot be/,
    );
  });
});

/** Opens export "0" by hand: greeting, client flags, NBD_OPT_GO. */
function openExport(client: net.Socket): Promise<void> {
  const go = Buffer.alloc(16 + 4 + 1 + 2);
  go.write("IHAVEOPT", 0, "latin1");
  go.writeUInt32BE(7, 8);
  go.writeUInt32BE(7, 12);
  go.writeUInt32BE(1, 16);
  go.write("0", 20, "latin1");
  client.write(Buffer.concat([Buffer.from([0, 0, 0, 3]), go]));
  return new Promise((resolve) => {
    let bytes = Buffer.alloc(0);
    client.on("data", (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      // The reply NBD_REP_ACK to option 7, without data.
      if (bytes.subarray(-12).equals(Buffer.from("000000070000000100000000", "hex"))) resolve();
    });
  });
}
