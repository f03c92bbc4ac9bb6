import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { memoryFiles } from "../../../test/doubles/memory-files.ts";
import { drbdResourcesOf } from "../guest/guest.ts";
import { macAddress } from "../guest/mac-address.ts";
import { type DomainFile, readDomainFile } from "./domain-file.ts";

const root = path.join(import.meta.dirname, "../../..");

async function read(text: string, given?: string): Promise<DomainFile> {
  const files = memoryFiles({ "/etc/xen/g.dom": text });
  return await readDomainFile(files, "/etc/xen/g.dom", { given, otherwise: "resource1" });
}

const howTo = {
  name: "host1",
  kernel: "/boot/vmlinuz-2.6.18-6-xen-686",
  ramdisk: "/boot/initrd.img-2.6.18-6-xen-686",
  memoryMib: 1024,
  vcpus: 1,
  commandLine: "root=/dev/xvda ro 4",
  disks: [
    { vdev: "xvda", readOnly: false, source: { kind: "drbd", resource: "host1_root" } },
    { vdev: "xvdb", readOnly: false, source: { kind: "drbd", resource: "host1_swap" } },
  ],
  nics: [{ mac: macAddress("host1", 0), bridge: "xenbr0" }],
  onReboot: "restart",
  onCrash: "destroy",
  migratable: true,
};

test("the example's guest is a guest without a notice", async () => {
  const domain = await read(readFileSync(path.join(root, "examples/howto/host1.dom"), "utf8"));
  assert.deepEqual(domain, { ok: true, value: { guest: howTo, notices: [] } });
});

test("the how-to's own domain file is the same guest", async (t) => {
  const file = path.join(root, "../shared/seed/host1.dom");
  if (!existsSync(file)) {
    t.skip("the how-to's files are not beside the repository");
    return;
  }
  const domain = await read(readFileSync(file, "utf8"));
  assert.deepEqual(domain, { ok: true, value: { guest: howTo, notices: [] } });
  if (domain.ok)
    assert.deepEqual(drbdResourcesOf(domain.value.guest), ["host1_root", "host1_swap"]);
});

test("what has no effect here is noticed, each with its place or words", async () => {
  const domain = await read(`memory = 64
vif = [ 'bridge=xenbr0,ip=10.0.0.9,model=e1000' ]
disk = [ 'phy:/dev/vg/a,xvda,w', ',hdc:cdrom,r' ]
bootloader = "pygrub"
extra = "4"
on_poweroff = "restart"
on_crash = "coredump-restart"
vnc = 1
`);
  assert.ok(domain.ok);
  const said = domain.value.notices.join("\n");
  for (const what of [
    /g\.dom:8:\d+: `vnc`/,
    /ip has no effect/,
    /model has no effect/,
    /empty drive/,
    /boot loader on its first disk, and root, extra and cmdline have no effect/,
    /on_poweroff = "restart"/,
  ])
    assert.match(said, what);
  assert.equal(domain.value.guest.name, "resource1");
  assert.equal(domain.value.guest.onCrash, "destroy");
});

test("disks that can't be had are refused with the line and what to do", async () => {
  for (const [disk, what] of [
    [
      "script=block-hf,vdev=xvda,target=r0",
      /g\.dom:2: disk .*block-hf is not run here; use drbd:, phy: or file:/,
    ],
    ["tap2:vhd:/d/a,xvda,w", /the format vhd is not supported; convert it with qemu-img/],
  ] as const) {
    const domain = await read(`memory = 64\ndisk = [ '${disk}' ]\n`);
    assert.equal(domain.ok, false);
    assert.match(domain.ok ? "" : domain.error, what);
  }
});

test("one DRBD resource under two disks is one resource", async () => {
  const domain = await read("memory = 64\ndisk = [ 'drbd:r0,xvda,w', 'drbd:r0,xvdb,r' ]\n");
  assert.deepEqual(domain.ok && drbdResourcesOf(domain.value.guest), ["r0"]);
});
