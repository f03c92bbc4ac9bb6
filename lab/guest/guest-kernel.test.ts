import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { cpioArchive, directoryMode, programMode } from "./cpio.ts";
import { findGuestKernel } from "./guest-kernel.ts";
import { dependenciesOf, modulesFor } from "./kernel-modules.ts";

const dir = mkdtempSync(path.join(tmpdir(), "holdfast-kernel-"));
after(() => rmSync(dir, { recursive: true }));
const noCpio = spawnSync("cpio", ["--version"]).status === 0 ? false : "cpio is not installed";

test("cpio unpacks what we pack", { skip: noCpio }, () => {
  const content = new TextEncoder().encode("#!/bin/sh\necho odd length\n");
  const archive = cpioArchive([
    { name: "bin", mode: directoryMode },
    { name: "bin/run", mode: programMode, content },
    { name: "empty", mode: 0o100600 },
  ]);
  const out = path.join(dir, "out");
  mkdirSync(out);
  const run = spawnSync("cpio", ["-i", "--quiet"], { cwd: out, input: archive });
  assert.equal(String(run.stderr), "");
  assert.equal(spawnSync(path.join(out, "bin/run"), { encoding: "utf8" }).stdout, "odd length\n");
  assert.equal(readFileSync(path.join(out, "empty"), "utf8"), "");
});

test("modules are loaded after what they depend on, and built-in ones not at all", () => {
  const kernel = path.join(dir, "modules");
  mkdirSync(path.join(kernel, "kernel/drivers"), { recursive: true });
  const put = (name: string, depends: string): void =>
    writeFileSync(path.join(kernel, `kernel/drivers/${name}.ko`), moduleBytes(depends));
  put("virtio_blk", "virtio,virtio_ring");
  put("virtio", "virtio_ring");
  put("virtio-ring", "");
  put("unused", "");
  writeFileSync(path.join(kernel, "modules.builtin"), "kernel/fs/ext4/ext4.ko\n");
  const names = modulesFor(kernel, ["virtio_blk", "ext4", "virtio"]).map((module) => module.name);
  assert.deepEqual(names, ["virtio_ring", "virtio", "virtio_blk"]);
  assert.throws(() => modulesFor(kernel, ["missing"]), { code: "HF7014" });
});

test("a module says what it depends on", () => {
  assert.deepEqual(dependenciesOf(moduleBytes("a,b")), ["a", "b"]);
  assert.deepEqual(dependenciesOf(moduleBytes("")), []);
  assert.deepEqual(dependenciesOf(new Uint8Array(10)), []);
});

test("the newest unpacked kernel is taken; without one the remedy is named", () => {
  const cache = path.join(dir, "cache");
  assert.throws(() => findGuestKernel(cache), { code: "HF7014", remedy: /run\.mjs setup/ });
  for (const version of ["6.1.0-56", "6.1.0-9", "unfinished"]) {
    const tree = path.join(cache, "guest-kernel", version);
    mkdirSync(path.join(tree, "boot"), { recursive: true });
    mkdirSync(path.join(tree, "usr/lib/modules", version), { recursive: true });
    if (version !== "unfinished") writeFileSync(path.join(tree, `boot/vmlinuz-${version}`), "");
  }
  assert.equal(findGuestKernel(cache).version, "6.1.0-56");
});

function moduleBytes(depends: string): Uint8Array {
  return new TextEncoder().encode(`\x7fELF\0\0license=GPL\0depends=${depends}\0name=x\0`);
}
