import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { translateCommandLine, virtioDiskName } from "./device-names.ts";

test("the how-to's command line names the disk as the guest sees it", () => {
  assert.equal(
    translateCommandLine("root=/dev/xvda ro 4", ["xvda", "xvdb"]),
    "root=/dev/vda ro 4 console=ttyS0",
  );
});

test("disks are numbered in the order of the domain file, whatever their names", () => {
  const vdevs = ["sda1", "xvdb", "hda"];
  for (const [from, to] of [
    ["root=/dev/sda1", "root=/dev/vda"],
    ["root=/dev/xvdb2", "root=/dev/vdb2"],
    ["resume=/dev/hda", "resume=/dev/vdc"],
    ["root=/dev/hda3,/dev/xvdb", "root=/dev/vdc3,/dev/vdb"],
    ["root=/dev/sdb1", "root=/dev/sdb1"],
    ["root=/dev/mapper/x", "root=/dev/mapper/x"],
    ["root=UUID=1-2", "root=UUID=1-2"],
  ] as const)
    assert.equal(translateCommandLine(from, vdevs), `${to} console=ttyS0`);
});

test("Xen's console becomes the serial line; a console that is named is left alone", () => {
  for (const [from, to] of [
    ["console=hvc0", "console=ttyS0"],
    ["console=xvc0,115200 quiet", "console=ttyS0,115200 quiet"],
    ["console=tty0", "console=tty0"],
    ["", "console=ttyS0"],
  ] as const)
    assert.equal(translateCommandLine(from, []), to);
});

test("a command line that names no disk and no console only gains its console", () => {
  const word = fc.stringMatching(/^[a-z0-9=,.]{1,10}$/).filter((w) => !w.startsWith("console="));
  fc.assert(
    fc.property(fc.array(word), (words) => {
      assert.equal(
        translateCommandLine(words.join("  "), ["xvda"]),
        [...words, "console=ttyS0"].join(" "),
      );
    }),
  );
});

test("twelve disks are vda to vdl", () => {
  assert.deepEqual([virtioDiskName(0), virtioDiskName(11)], ["vda", "vdl"]);
  assert.throws(() => virtioDiskName(12));
});
