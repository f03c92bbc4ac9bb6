import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { parseLoops } from "../machine/loops.ts";
import { parseMountInfo } from "../machine/mounts.ts";
import { belongsTo } from "./leftovers.ts";

const dir = mkdtempSync(path.join(tmpdir(), "holdfast-leftovers-"));
after(() => rmSync(dir, { recursive: true }));

const mounts = parseMountInfo(`43 72 0:46 / /run/f rw,nosuid - fuse /dev/fuse rw,user_id=0
46 68 7:0 / /mnt/a\\040b rw,relatime - ext3 /dev/loop0 rw
47 68 0:50 / /run rw,relatime - tmpfs run rw
48 68 254:0 /x / rw,relatime - ext4 /dev/vda rw
`);

test("the kernel's list of mounts is read, blanks in paths included", () => {
  assert.deepEqual(
    mounts.map((mount) => [mount.device, mount.target, mount.type, mount.source]),
    [
      ["0:46", "/run/f", "fuse", "/dev/fuse"],
      ["7:0", "/mnt/a b", "ext3", "/dev/loop0"],
      ["0:50", "/run", "tmpfs", "run"],
      ["254:0", "/", "ext4", "/dev/vda"],
    ],
  );
});

test("losetup's list is read, with the backing file system of a dead server left open", () => {
  const json = `{"loopdevices": [
    {"name":"/dev/loop0","back-file":"/run/f/nbd","back-maj:min":"        ","back-ino":null},
    {"name":"/dev/loop1","back-file":"/x","back-maj:min":"     254:0  ","back-ino":2155119}]}`;
  assert.deepEqual(parseLoops(json), [
    { device: "/dev/loop0", backingFile: "/run/f/nbd", backingDevice: "", backingInode: "" },
    { device: "/dev/loop1", backingFile: "/x", backingDevice: "254:0", backingInode: "2155119" },
  ]);
});

test("a loop device is a host's when its file is on the host's own mounts or disk, and only then", () => {
  writeFileSync(path.join(dir, "v"), "x");
  const { dev, ino } = statSync(path.join(dir, "v"), { bigint: true });
  const machine = `${(dev >> 8n) & 0xfffn}:${(dev & 0xffn) | ((dev >> 12n) & 0xfff00n)}`;
  const disks = { "/": "/nowhere", "/dev/xenhostfs": dir };
  const loop = (backingFile: string, backingDevice: string, backingInode = "7"): boolean =>
    belongsTo({ device: "/dev/loop9", backingFile, backingDevice, backingInode }, mounts, disks);
  assert.equal(loop("/run/f/nbd", ""), true, "dead FUSE, this host's path");
  assert.equal(loop("/run/g/nbd", ""), false, "dead FUSE, another path");
  assert.equal(loop("/run/f/nbd", "0:46"), true, "FUSE that lives");
  assert.equal(loop("/run/f/nbd", "0:47"), false, "another host's FUSE on the same path");
  assert.equal(loop("/run/x", "0:50"), true, "a file on the host's tmpfs");
  assert.equal(loop("/dev/xenhostfs/v", machine, String(ino)), true, "one of its volumes");
  assert.equal(loop("/dev/xenhostfs/v", machine, "1"), false, "another host's volume of that name");
  assert.equal(loop("/home/me/disk.img", machine), false, "somebody's own");
});
