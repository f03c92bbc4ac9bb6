import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { labUp } from "../lab.ts";
import { findLab } from "../plan/lab-state.ts";
import { lvmConfig, parseLogicalVolumes, volumeGroupName } from "./volume-group.ts";

const hasDeviceMapper = existsSync("/dev/mapper/control");

test("each host of each lab has a volume group of its own name", () => {
  const names = [
    volumeGroupName("a", "xen1"),
    volumeGroupName("a", "xen2"),
    volumeGroupName("a-b", "xen1"),
  ];
  assert.deepEqual(names, ["xenhostfs_a_xen1", "xenhostfs_a_xen2", "xenhostfs_a_b_xen1"]);
});

test("LVM sees one device and no other", () => {
  assert.match(lvmConfig("/dev/loop7"), /global_filter=\["a\|\^\/dev\/loop7\$\|","r\|\.\*\|"\]/);
});

test("volumes are read from what lvs prints; anything else is none", () => {
  assert.deepEqual(parseLogicalVolumes("  host1-swap 1073741824\n  host1-root 10737418240\n"), [
    { name: "host1-root", sizeBytes: 10737418240 },
    { name: "host1-swap", sizeBytes: 1073741824 },
  ]);
  assert.deepEqual(parseLogicalVolumes("  Volume group not found\n"), []);
});

test("without device mapper --lvm is refused before anything is made", {
  skip: hasDeviceMapper ? "this kernel has device mapper" : process.getuid?.() !== 0 && "not root",
}, async () => {
  const name = `t${process.pid}-lvm`;
  await assert.rejects(labUp({ name, lvm: true }), { code: "HF7013", message: /device mapper/ });
  assert.equal(findLab(name), undefined);
});
