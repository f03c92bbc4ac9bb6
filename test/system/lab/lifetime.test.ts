import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { after, test } from "node:test";
import { namespaceDirectory } from "../../../lab/host/leftovers.ts";
import { isLabOff, labBoot, labDown, labKill, labUp, runOnHost } from "../../../lab/lab.ts";
import { labStatus } from "../../../lab/lab-status.ts";
import { mustRun } from "../../../lab/machine/command.ts";
import { listLoops } from "../../../lab/machine/loops.ts";
import { namespaceOf, processesIn } from "../../../lab/machine/process-identity.ts";
import { until } from "../../../lab/machine/until.ts";
import { namespacesOf, removeNamespace } from "../../../lab/network/lan.ts";
import { labNames, readLab } from "../../../lab/plan/lab-state.ts";
import { noLab } from "./test-lab.ts";

const holdfast = path.resolve(import.meta.dirname, "../../../bin/holdfast");
const one = `t${process.pid}-one`;
const two = `t${process.pid}-two`;
/** The machine's loop devices are those of all labs: ours is known by its file's name. */
const backing = `/dev/xenhostfs/${two}`;

after(async () => {
  if (noLab !== false) return;
  await labDown(one);
  await labDown(two);
});

test("two labs at once know nothing of each other", { skip: noLab }, async () => {
  await Promise.all([labUp({ name: one }), labUp({ name: two, hosts: 1 })]);
  await assert.rejects(labUp({ name: one }), { code: "HF7005" });
  await sh(one, "xen1", "echo one > /etc/which");
  await sh(two, "xen1", "test ! -e /etc/which");
  await labKill(one, "xen2");
  assert.equal(await sh(one, "xen1", "busybox ping -c 1 -W 1 10.0.0.2"), 1);
  await labKill(one, "xen1");
  assert.equal(await sh(two, "xen1", "busybox ping -c 1 -W 5 10.0.0.254"), 0);
});

test("after a reboot of the machine a lab is found, and its hosts boot with their disks", {
  skip: noLab,
}, async () => {
  assert.equal(isLabOff(one), true);
  await rebootMachine(one);
  assert.ok(labNames().includes(one));
  for (const host of ["xen1", "xen2"]) assert.equal(await labBoot(one, host), true);
  assert.equal(isLabOff(one), false);
  assert.equal(await sh(one, "xen1", "grep one /etc/which && busybox ping -c 1 -W 5 xen2"), 0);
  assert.equal(labStatus(readLab(one)).powerSwitch.answers, true);
});

test("down leaves no process, namespace, mount, loop device or file, and may be repeated", {
  skip: noLab,
}, async () => {
  await sh(two, "xen1", `truncate -s 1M ${backing}; losetup -f --show ${backing} >/run/loop`);
  await sh(two, "xen1", "(setsid sleep 1000 >/dev/null 2>&1 </dev/null &)");
  const { dir, hosts, pdu } = readLab(two);
  const init = hosts[0]?.init?.pid ?? 0;
  const network = namespaceOf(init, "net") ?? "";
  assert.ok(processesIn("net", network).length >= 2);
  const loops = (await listLoops()).map((loop) => loop.backingFile);
  assert.ok(loops.includes(backing), loops.join());
  assert.deepEqual(await labDown(two), { existed: true });
  assert.deepEqual(processesIn("net", network), []);
  assert.equal(namespaceOf(pdu?.pid ?? 0, "net"), undefined);
  await assertNothingLeft(two, dir);
  assert.ok(!(await listLoops()).some((loop) => loop.backingFile.includes(backing)));
  assert.deepEqual(await labDown(two), { existed: false });
  assert.ok(labNames().includes(one), "the other lab stays");
});

test("a lab whose making was interrupted is removed like any other", { skip: noLab }, async () => {
  const dir = `/var/lib/holdfast-lab/${two}`;
  for (const moment of ["lab.json", "hosts/xen2/root/etc", "hosts/xen1/console.log"]) {
    const up = spawn(holdfast, ["lab", "up", "--name", two], { stdio: "ignore" });
    assert.ok(await until(() => existsSync(path.join(dir, moment)), 60_000), moment);
    up.kill("SIGKILL");
    await new Promise((resolve) => up.once("close", resolve));
    assert.deepEqual(await labDown(two), { existed: true });
    await assertNothingLeft(two, dir);
  }
});

test("a lab in a directory of its own; one with something in it is refused", {
  skip: noLab,
}, async () => {
  await assert.rejects(labUp({ name: two, dir: "/etc" }), { code: "HF7010", message: /not empty/ });
  assert.ok(existsSync("/etc/passwd"));
  assert.ok(!labNames().includes(two));
  await assert.rejects(labUp({ name: "No Name" }), { code: "HF7009" });
  await assert.rejects(labUp({ name: two, hosts: 99 }), { code: "HF7009" });
});

/** Takes away what a reboot takes away: processes, namespaces, mounts, /run. The lab's hosts are off. */
async function rebootMachine(lab: string): Promise<void> {
  const { dir, pdu } = readLab(lab);
  const network = namespaceOf(pdu?.pid ?? 0, "net") ?? "";
  for (const pid of processesIn("net", network)) process.kill(pid, "SIGKILL");
  assert.ok(await until(() => processesIn("net", network).length === 0, 10_000));
  for (const namespace of await namespacesOf(lab)) await removeNamespace(namespace);
  await mustRun(["umount", namespaceDirectory(dir)]);
  rmSync(`/run/holdfast-lab/${lab}`);
}

async function assertNothingLeft(name: string, dir: string): Promise<void> {
  assert.deepEqual(await namespacesOf(name), []);
  assert.ok(!existsSync(dir), dir);
  assert.ok(!existsSync(`/run/holdfast-lab/${name}`));
  assert.ok(!existsSync(`/run/holdfast-lab/${name}.lock`));
  const mounts = readFileSync("/proc/self/mountinfo", "utf8");
  assert.ok(!mounts.includes(dir), mounts);
  assert.ok(!mounts.includes(`holdfast-${name}-`), mounts);
}

async function sh(lab: string, host: string, script: string): Promise<number | null> {
  return (await runOnHost(lab, host, ["sh", "-c", script])).code;
}
