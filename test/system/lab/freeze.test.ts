import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { labFreeze, labKill, labThaw } from "../../../lab/lab.ts";
import { labStatus } from "../../../lab/lab-status.ts";
import { mustRun } from "../../../lab/machine/command.ts";
import { listLoops } from "../../../lab/machine/loops.ts";
import { hostOf, readLab } from "../../../lab/plan/lab-state.ts";
import { noLab, testLab } from "./test-lab.ts";

const lab = testLab();

test("a frozen host does nothing, and goes on when thawed", { skip: noLab }, async () => {
  const counter = lab.start(
    "xen1",
    // Not on a disk: a write that waits for one may end, and count, after the freeze.
    "echo counting; while echo x >> /run/count; do sleep 0.01; done",
  );
  await counter.says("counting");
  await lab.sh(
    "xen1",
    `exec >/dev/null 2>&1; setsid sh -c 'echo $$ > /run/stopped; kill -STOP $$' &
     until grep -q ') T ' /proc/$(cat /run/stopped)/stat; do sleep 0.05; done`,
  );
  await labFreeze(lab.name, "xen1");
  assert.equal(labStatus(readLab(lab.name)).hosts[0]?.power, "frozen");
  await assert.rejects(lab.sh("xen1", "true"), { code: "HF7007" });
  const before = countedOn("xen1");
  await lab.sh("xen2", "! busybox ping -c 1 -W 1 10.0.0.1 >/dev/null || true; sleep 0.3");
  assert.equal(countedOn("xen1"), before);
  await labThaw(lab.name, "xen1");
  await lab.sh("xen1", `until [ "$(wc -l < /run/count)" -gt ${before} ]; do sleep 0.05; done`);
  const state = await lab.sh("xen1", "cut -d' ' -f3 /proc/$(cat /run/stopped)/stat");
  assert.equal(state, "T\n", "what was stopped before stays stopped");
  counter.child.kill("SIGKILL");
});

test("a command that was running on a host goes on after a thaw", { skip: noLab }, async () => {
  const slow = lab.start(
    "xen1",
    "echo begun; until [ -e /run/go ]; do sleep 0.05; done; echo finished",
  );
  await slow.says("begun");
  await labFreeze(lab.name, "xen1");
  await labThaw(lab.name, "xen1");
  await lab.sh("xen1", "touch /run/go");
  await slow.says("finished");
});

test("a disk that the host serves to itself is no trap: freezing refuses while it is mounted", {
  skip: noLab,
}, async () => {
  await lab.sh("xen1", serveDisk);
  await lab.sh("xen1", "mkdir -p /mnt/d; mount $(cat /run/loop) /mnt/d; echo dirty > /mnt/d/file");
  await assert.rejects(labFreeze(lab.name, "xen1"), {
    code: "HF7012",
    message: /mounted on \/mnt\/d/,
  });
  await lab.sh(
    "xen1",
    "umount /mnt/d; echo more | dd of=$(cat /run/loop) seek=99 conv=notrunc status=none",
  );
  await labFreeze(lab.name, "xen1");
  // Neither listing the machine's loop devices nor a sync hangs with the frozen host.
  await mustRun(["losetup", "--list", "-O", "NAME,BACK-INO"], { timeoutMs: 20_000 });
  await mustRun(["sync"], { timeoutMs: 60_000 });
  await labThaw(lab.name, "xen1");
  await lab.sh("xen1", "mount $(cat /run/loop) /mnt/d; grep -q dirty /mnt/d/file");
});

test("a power cut leaves no loop device, even under a mounted file system", {
  skip: noLab,
}, async () => {
  const device = (await lab.sh("xen1", "cat /run/loop")).trim();
  await lab.sh("xen1", "grep -q ' /mnt/d ' /proc/mounts");
  assert.ok((await listLoops()).some((loop) => loop.device === device));
  await labKill(lab.name, "xen1");
  const left = (await listLoops()).filter((loop) => loop.device === device);
  assert.deepEqual(left, []);
});

function countedOn(host: string): number {
  const init = hostOf(readLab(lab.name), host).init?.pid ?? 0;
  return readFileSync(`/proc/${init}/root/run/count`, "utf8").split("\n").length;
}

/** An ext3 file system behind NBD, FUSE and a loop device, as /dev/drbdN is without the kernel's nbd. */
const serveDisk = `
  truncate -s 64M /root/disk && mkfs.ext3 -q -F /root/disk
  (setsid qemu-nbd -f raw -k /run/nbd.sock -x "" -t /root/disk >/dev/null 2>&1 </dev/null &)
  until [ -S /run/nbd.sock ]; do sleep 0.05; done
  mkdir /run/fuse
  (setsid nbdfuse /run/fuse --unix /run/nbd.sock >/dev/null 2>&1 </dev/null &)
  until [ -e /run/fuse/nbd ]; do sleep 0.05; done
  losetup -f --show /run/fuse/nbd > /run/loop`;
