import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { labBoot, labKill, readOnHost, runOnHost, writeOnHost } from "../../../lab/lab.ts";
import { noLab, testLab } from "./test-lab.ts";

const lab = testLab();

test("two hosts have names and addresses of their own and reach each other", {
  skip: noLab,
}, async () => {
  assert.equal(await lab.sh("xen1", "uname -n"), "xen1\n");
  assert.equal(await lab.sh("xen2", "hostname"), "xen2\n");
  await lab.sh("xen1", "busybox ping -c 1 -W 5 xen2");
  await lab.sh("xen2", "busybox ping -c 1 -W 5 10.0.0.1");
  assert.match(await lab.sh("xen1", "ip -o addr show eth0"), /10\.0\.0\.1\/24 brd 10\.0\.0\.255/);
  assert.match(await lab.sh("xen1", "ip -o link show master xenbr0"), /eth1/);
});

test("a command's exit code is the host's", { skip: noLab }, async () => {
  assert.equal(await lab.exitOf("xen1", "exit 7"), 7);
  const { stderr } = await runOnHost(lab.name, "xen1", ["ls", "/nowhere"]);
  assert.match(stderr, /nowhere/);
});

test("what a host writes is on no other host and not on the machine", { skip: noLab }, async () => {
  const file = `/etc/only-${lab.name}`;
  await lab.sh("xen1", `echo mine > ${file}; mkdir /mnt/${lab.name}; echo x > /tmp/${lab.name}`);
  assert.equal(await lab.exitOf("xen2", `test -e ${file}`), 1);
  for (const path of [file, `/mnt/${lab.name}`, `/tmp/${lab.name}`]) {
    assert.equal(existsSync(path), false, path);
  }
  assert.equal(readOnHost(lab.name, "xen1", file), "mine\n");
  assert.notEqual(await lab.exitOf("xen1", "touch /usr/x"), 0);
});

test("a host begins without a cluster configuration, with its boot script and fence agent", {
  skip: noLab,
}, async () => {
  const exit = await lab.exitOf("xen1", "ls /etc/drbd.conf /etc/ha.d /etc/xen /etc/corosync");
  assert.notEqual(exit, 0);
  await lab.sh("xen1", "test -x /etc/holdfast/rc.boot -a -x /etc/holdfast/fence-agents/fence_lab");
});

test("a power cut and a boot keep the disks, and nothing that was only in memory", {
  skip: noLab,
}, async () => {
  await lab.sh(
    "xen1",
    "truncate -s 10G /dev/xenhostfs/v; echo kept | dd of=/dev/xenhostfs/v conv=notrunc",
  );
  await lab.sh(
    "xen1",
    "echo kept > /etc/kept; echo kept > /var/lib/holdfast/kept; echo lost > /run/lost",
  );
  const counter = lab.start("xen1", "echo going; sleep 1000");
  await counter.says("going");
  assert.notEqual(await labKill(lab.name, "xen1"), undefined);
  await assert.rejects(lab.sh("xen1", "true"), { code: "HF7007" });
  assert.equal(await labKill(lab.name, "xen1"), undefined);
  writeOnHost(lab.name, "xen1", {
    path: "/etc/holdfast/rc.boot",
    text: "#!/bin/sh\necho booted > /run/booted\n",
    mode: 0o755,
  });
  assert.equal(await labBoot(lab.name, "xen1"), true);
  assert.equal(await labBoot(lab.name, "xen1"), false);
  assert.equal(await lab.sh("xen1", "head -c 5 /dev/xenhostfs/v"), "kept\n");
  assert.equal(await lab.sh("xen1", "stat -c %s /dev/xenhostfs/v"), `${10 * 2 ** 30}\n`);
  assert.equal(await lab.sh("xen1", "cat /etc/kept /var/lib/holdfast/kept"), "kept\nkept\n");
  assert.equal(await lab.exitOf("xen1", "test -e /run/lost"), 1);
  await lab.sh("xen1", "until [ -e /run/booted ]; do sleep 0.05; done");
  await lab.sh("xen2", "busybox ping -c 1 -W 5 xen1");
});

test("nobody hears of a power cut: the peer's connections stay established", {
  skip: noLab,
}, async () => {
  const server = lab.start("xen2", `exec ${process.execPath} -e '${listening}'`);
  await server.says("ready");
  const client = lab.start("xen1", `exec ${process.execPath} -e '${connecting}'`);
  await client.says("connected");
  await server.says("accepted");
  await labKill(lab.name, "xen1");
  await lab.sh("xen2", established);
  await labBoot(lab.name, "xen1");
});

const listening = `require("net").createServer(() => console.log("accepted"))
  .listen(5555, "10.0.0.2", () => console.log("ready"));`;
const connecting = `require("net").connect(5555, "10.0.0.2", () => console.log("connected"));`;
// State 01 of /proc/net/tcp is ESTABLISHED; 15B3 is port 5555.
const established = "grep -q ':15B3 [0-9A-F]*:[0-9A-F]* 01' /proc/net/tcp";
