import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import type { Diagnostic } from "../config-text/diagnostic.ts";
import { parseXlDomain } from "./read-xl-domain.ts";
import type { XlDisk, XlDomain, XlVif } from "./xl-domain.ts";
import { commandLineKeys, deviceKeys, usedKeys, xenKeys } from "./xl-keys.ts";

const root = path.join(import.meta.dirname, "../../..");
const base = 'name = "g"\nmemory = 64\nkernel = "/k"\n';

test("the example's guests are what the how-to wants, without a remark", () => {
  for (const name of ["host1", "host2"]) {
    const file = path.join(root, `examples/howto/${name}.dom`);
    const { value, notices } = good(readFileSync(file, "utf8"));
    assert.deepEqual(notices, []);
    assertHowToGuest(value, name);
  }
});

test("the how-to's own domain files are read without a remark", (t) => {
  const seed = path.join(root, "../shared/seed");
  if (!existsSync(seed)) {
    t.skip("the how-to's files are not beside the repository");
    return;
  }
  for (const name of ["host1", "host2"]) {
    const { value, notices } = good(readFileSync(path.join(seed, `${name}.dom`), "utf8"));
    assert.deepEqual(notices, []);
    assertHowToGuest(value, name);
  }
});

test("what a domain file leaves open is as xl has it", () => {
  const { value, notices } = good(base);
  assert.deepEqual(notices, []);
  const { vcpus, maxvcpus, maxmemMib, type, commandLine, nomigrate } = value;
  assert.deepEqual([vcpus, maxvcpus, maxmemMib, type, commandLine], [1, 1, 64, "pv", ""]);
  assert.deepEqual(
    [value.onPoweroff, value.onReboot, value.onCrash, nomigrate],
    ["destroy", "restart", "destroy", false],
  );
  assert.deepEqual([value.disks, value.vifs, value.uuid], [[], [], undefined]);
});

test("what is missing from every guest is said, and what holds instead", () => {
  const { value, notices } = good("");
  assert.equal(value.name, undefined);
  assert.equal(value.memoryMib, 128);
  assert.deepEqual(
    notices.map((each) => each.code),
    ["HF1108", "HF1108", "HF1108"],
  );
});

test("numbers may stand in quotes, and += adds", () => {
  const { value } = good(
    `${base}vcpus = "2"\nmaxvcpus = 4\nmaxmem = 128\ndisk = ['phy:/dev/a,xvda,w']\ndisk += ['phy:/dev/b,xvdb,r']\nextra = "a"\nextra += " b"\n`,
  );
  assert.deepEqual([value.vcpus, value.maxvcpus, value.maxmemMib], [2, 4, 128]);
  assert.deepEqual(
    value.disks.map((disk) => disk.vdev),
    ["xvda", "xvdb"],
  );
  assert.equal(value.commandLine, "a b");
});

test("cmdline replaces root and extra, and this is said", () => {
  const { value, notices } = good(`${base}root="/dev/xvda"\nextra="4"\ncmdline="quiet"\n`);
  assert.equal(value.commandLine, "quiet");
  assert.deepEqual(
    notices.map((each) => [each.code, each.place.line]),
    [
      ["HF1106", 4],
      ["HF1106", 5],
    ],
  );
});

test("disks in all forms of xm and xl", () => {
  const rows: readonly (readonly [text: string, expected: Partial<XlDisk>])[] = [
    ["drbd:host1_root,xvda,w", { vdev: "xvda", access: "rw", source: drbd("host1_root") }],
    ["phy:/dev/vg/a,xvda,w", { source: device("/dev/vg/a") }],
    ["phy:vg/a,/dev/xvda,r", { vdev: "xvda", access: "ro", source: device("/dev/vg/a") }],
    ["file:/d/r0.img,xvda1,w", { vdev: "xvda1", source: file("/d/r0.img") }],
    ["tap:aio:/d/r0.img,sda,w", { vdev: "sda", source: file("/d/r0.img") }],
    ["tap2:qcow2:/d/r0.q,xvda,w", { format: "qcow2", source: file("/d/r0.q") }],
    ["/dev/vg/a,,hda", { vdev: "hda", format: "raw", access: "rw", source: device("/dev/vg/a") }],
    ["/dev/vg/a,raw,hda,rw", { vdev: "hda", source: device("/dev/vg/a") }],
    [
      "/root/i.iso,,hdc,cdrom",
      { vdev: "hdc", cdrom: true, access: "ro", source: file("/root/i.iso") },
    ],
    ["file:/root/i.iso,hdc:cdrom,r", { vdev: "hdc", cdrom: true, access: "ro" }],
    [",hdc:cdrom,r", { vdev: "hdc", cdrom: true, format: "empty", source: { kind: "empty" } }],
    ["vdev=hdc, devtype=cdrom", { cdrom: true, source: { kind: "empty" } }],
    [
      "format=raw, vdev=xvda, access=rw, target=/d/a,b:c",
      { vdev: "xvda", source: file("/d/a,b:c") },
    ],
    [
      "format=raw,vdev=xvda,access=rw,script=block-hf,target=r0",
      { source: { kind: "script", script: "block-hf", target: "r0" } },
    ],
    ["vdev=xvda,script=/etc/xen/scripts/block-drbd,target=r0", { source: drbd("r0") }],
    ["phy:/dev/a,xvda,w,discard", { discard: true }],
    ["phy:/dev/a,xvda,,no-discard", { discard: false, access: "rw" }],
    ["iscsi:iqn.x,xvda,w", { source: { kind: "script", script: "block-iscsi", target: "iqn.x" } }],
  ];
  for (const [text, expected] of rows) {
    const { value } = good(`${base}disk = [ "${text}" ]\n`);
    const [disk] = value.disks;
    for (const [key, part] of Object.entries(expected)) {
      assert.deepEqual(disk?.[key as keyof XlDisk], part, `${text}: ${key}`);
    }
    assert.deepEqual([disk?.text, disk?.place.line], [text, 4]);
  }
});

test("a disk that makes no sense is refused at its place", () => {
  const rows: readonly (readonly [text: string, what: RegExp])[] = [
    ["drbd:host1_root", /no vdev/],
    ["drbd:host1_root,,w", /no vdev/],
    ["drbd:,xvda,w", /no target/],
    ["xvda", /no vdev/],
    ["/dev/a,raw,zzz,w", /`zzz`: expected what the guest sees/],
    ["phy:/dev/a,xvda,x", /`x`: expected r, ro, w or rw/],
    ["/dev/a,vmdk,xvda", /`vmdk`: expected a format/],
    ["phy:/dev/a,xvda,w,more", /`more` is one word too many/],
    ["hf:r0,xvda,w", /`hf:` is no kind of disk/],
    ["phy:/dev/a,vdevv=xvda", /`vdevv` is no key of a disk; was `vdev` meant/],
    ["phy:/dev/a,xvda,w,vdev=xvdb", /`vdev` is given twice/],
    ["target=/dev/a", /no vdev/],
    ["/dev/a,,xvda,devtype=floppy", /cdrom or disk/],
    ["", /no vdev/],
  ];
  for (const [text, what] of rows) {
    const error = refused(`${base}disk = [\n  '${text}' ]\n`);
    assert.equal(error.code, "HF1103", text);
    assert.deepEqual([error.place.line, error.place.column], [5, 3], text);
    assert.match(error.message, what, text);
  }
  assert.match(
    refused(`${base}disk = [ 'drbd:a,xvda,w', 'drbd:b,xvda,w' ]\n`).message,
    /a disk xvda already/,
  );
});

test("network interfaces with all that counts", () => {
  const { value } = good(
    `${base}vif = [ '', 'mac=00:16:3E:1:2:f, bridge=br1, ip=10.0.0.5 10.0.0.6, script=vif-x, model=virtio, type=ioemu, vifname=g0, rate=10Mb/s, mtu=9000' ]\n`,
  );
  const [first, second] = value.vifs;
  assert.deepEqual([first?.bridge, first?.mac], ["xenbr0", undefined]);
  const expected: Partial<XlVif> = {
    mac: "00:16:3e:01:02:0f",
    bridge: "br1",
    ip: "10.0.0.5 10.0.0.6",
    script: "vif-x",
    model: "virtio",
    type: "ioemu",
    vifname: "g0",
    rate: "10Mb/s",
    mtu: 9000,
  };
  for (const [key, part] of Object.entries(expected)) {
    assert.deepEqual(second?.[key as keyof XlVif], part, key);
  }
});

test("a network interface that makes no sense is refused", () => {
  const rows: readonly (readonly [text: string, what: RegExp])[] = [
    ["mac=00:16:3e:12:34", /six numbers/],
    ["mac=01:16:3e:12:34:56", /a group's address/],
    ["brigde=xenbr0", /was `bridge` meant/],
    ["xenbr0", /no KEY=VALUE/],
    ["bridge=a,bridge=b", /given twice/],
    ["type=netfront", /vif or ioemu/],
    ["bridge=a/b", /name of a bridge/],
    ["mtu=many", /number of bytes/],
  ];
  for (const [text, what] of rows) {
    const error = refused(`${base}vif = [ '${text}' ]\n`);
    assert.equal(error.code, "HF1104", text);
    assert.match(error.message, what, text);
  }
  const same = "mac=00:16:3e:00:00:01";
  assert.match(refused(`${base}vif = [ '${same}', '${same}' ]\n`).message, /with this mac already/);
});

test("values that matter and make no sense are refused at their place", () => {
  const rows: readonly (readonly [line: string, what: RegExp])[] = [
    ['memory = "lots"', /`memory = "lots"`: expected a number of MiB from 1/],
    ["memory = 0", /a number of MiB from 1/],
    ["memory = [ 1 ]", /a number of MiB/],
    ["vcpus = 0", /a number from 1/],
    ["vcpus = 2\nmaxvcpus = 1", /a number from 2/],
    ["maxmem = 32", /a number of MiB from 64/],
    ['name = "a b"', /one word without a slash/],
    ['name = "a/b"', /one word without a slash/],
    ["kernel = [ ]", /`kernel = \[ … \]`: expected a string/],
    ['type = "kvm"', /one of pv, pvh, hvm/],
    ['builder = "xyz"', /one of linux, generic, hvm/],
    ['on_crash = "explode"', /one of destroy, restart/],
    ["disk = 'phy:/dev/a,xvda,w'", /a list of strings/],
    ["vif = [ 3 ]", /strings in the list/],
    ["nomigrate = 2", /0 or 1/],
    ["extra = 'a'\nextra += [ 'b' ]", /the same kind of value/],
  ];
  for (const [line, what] of rows) {
    const error = refused(`${base}${line}\n`);
    assert.equal(error.code, "HF1102", line);
    assert.ok(error.place.line >= 4, line);
    assert.match(error.message, what, line);
    assert.ok(error.remedy.length > 5, line);
  }
});

test("every key without effect is named and kept; devices that the guest will lack are warnings", () => {
  const rows: readonly (readonly [keys: ReadonlySet<string>, severity: string, code: string])[] = [
    [deviceKeys, "warning", "HF1106"],
    [commandLineKeys, "warning", "HF1106"],
    [xenKeys, "notice", "HF1106"],
    [new Set(["frobnicate", "memry"]), "warning", "HF1105"],
  ];
  for (const [keys, severity, code] of rows) {
    for (const key of keys) {
      assert.ok(!usedKeys.has(key), key);
      const { value, notices } = good(`${base}${key} = 1\n`);
      const [notice] = notices;
      assert.deepEqual(
        [notice?.severity, notice?.code, notice?.place.line],
        [severity, code, 4],
        key,
      );
      assert.equal(value.others.get(key)?.kind, "number", key);
    }
  }
  assert.match(good(`${base}memry = 1\n`).notices[0]?.remedy ?? "", /`memory`/);
});

test("a key set twice counts the second time, and this is said", () => {
  const { value, notices } = good(`${base}memory = 65\n`);
  assert.equal(value.memoryMib, 65);
  assert.deepEqual(
    notices.map((each) => [each.code, each.place.line]),
    [["HF1107", 4]],
  );
});

test("a guest with nothing to boot is told", () => {
  const without = 'name = "g"\nmemory = 64\n';
  assert.equal(good(without).notices[0]?.code, "HF1108");
  assert.deepEqual(good(`${without}type = "hvm"\n`).notices, []);
  assert.deepEqual(good(`${without}bootloader = "pygrub"\n`).notices, []);
});

test("any specification of a disk or an interface gives a value or an error, never a throw", () => {
  const part = fc.oneof(
    fc.constantFrom("drbd:", "phy:", "target=", "vdev=", "xvda", "w", ",", ":", "=", "mac=", "a"),
    fc.stringMatching(/^[ -&(-[\]-~]*$/),
  );
  fc.assert(
    fc.property(fc.array(part), fc.array(part), (disk, vif) => {
      const text = `${base}disk = ['${disk.join("")}']\nvif = ['${vif.join("")}']\n`;
      const result = parseXlDomain(text, "g.cfg");
      if (!result.ok) assert.ok(result.error.every((each) => each.message !== ""));
    }),
  );
});

function assertHowToGuest(guest: XlDomain, name: string): void {
  assert.equal(guest.name, name);
  assert.equal(guest.memoryMib, 1024);
  assert.equal(guest.kernel, "/boot/vmlinuz-2.6.18-6-xen-686");
  assert.equal(guest.ramdisk, "/boot/initrd.img-2.6.18-6-xen-686");
  assert.equal(guest.commandLine, "root=/dev/xvda ro 4");
  assert.deepEqual(
    guest.disks.map(({ source, vdev, access }) => [source, vdev, access]),
    [
      [drbd(`${name}_root`), "xvda", "rw"],
      [drbd(`${name}_swap`), "xvdb", "rw"],
    ],
  );
  assert.deepEqual(
    guest.vifs.map((vif) => vif.bridge),
    ["xenbr0"],
  );
}

function drbd(resource: string): XlDisk["source"] {
  return { kind: "drbd", resource };
}

function device(at: string): XlDisk["source"] {
  return { kind: "device", path: at };
}

function file(at: string): XlDisk["source"] {
  return { kind: "file", path: at };
}

function good(text: string): { readonly value: XlDomain; readonly notices: readonly Diagnostic[] } {
  const result = parseXlDomain(text, "g.cfg");
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}

function refused(text: string): Diagnostic {
  const result = parseXlDomain(text, "g.cfg");
  assert.ok(!result.ok, text);
  const errors = result.error.filter((each) => each.severity === "error");
  assert.equal(errors.length, 1, JSON.stringify(errors));
  return errors[0]!;
}
