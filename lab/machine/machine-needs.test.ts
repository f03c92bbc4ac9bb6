import assert from "node:assert/strict";
import { test } from "node:test";
import { checkMachine } from "./check-machine.ts";
import { type Machine, machineLacks } from "./machine-needs.mjs";

const good: Machine = {
  platform: "linux x64",
  isRoot: true,
  canOpen: () => true,
  canMakeNamespaces: () => true,
  knowsFileSystem: () => true,
};

const cases: readonly (readonly [name: string, machine: Machine, lacks: readonly RegExp[]])[] = [
  ["a machine that has everything", good, []],
  ["no root", { ...good, isRoot: false, canOpen: () => false }, [/^root$/]],
  ["another system", { ...good, platform: "darwin arm64" }, [/darwin arm64/]],
  ["no tun device", { ...good, canOpen: (file) => !file.includes("tun") }, [/\/dev\/net\/tun/]],
  ["no FUSE", { ...good, canOpen: (file) => !file.includes("fuse") }, [/FUSE/]],
  ["no loop devices", { ...good, canOpen: (file) => !file.includes("loop") }, [/loop devices/]],
  ["no namespaces", { ...good, canMakeNamespaces: () => false }, [/namespaces/]],
  ["no ext3", { ...good, knowsFileSystem: () => false }, [/ext3/]],
  ["no devices at all", { ...good, canOpen: () => false }, [/tun/, /FUSE/, /loop/]],
];

for (const [name, machine, expected] of cases) {
  test(`${name}: ${expected.length === 0 ? "nothing lacks" : "said, with what to do"}`, () => {
    const lacks = machineLacks(machine);
    assert.equal(lacks.length, expected.length);
    for (const [index, pattern] of expected.entries()) {
      assert.match(lacks[index]?.what ?? "", pattern);
      assert.match(lacks[index]?.remedy ?? "", /\w/);
    }
  });
}

test("a lab is refused with a code, before anything is touched", () => {
  assert.throws(() => checkMachine({ ...good, isRoot: false }), { code: "HF7001", remedy: /sudo/ });
  assert.throws(() => checkMachine({ ...good, canOpen: () => false }), {
    code: "HF7002",
    message: /tun.*; and FUSE/,
    remedy: /modprobe tun.*modprobe fuse/,
  });
});
