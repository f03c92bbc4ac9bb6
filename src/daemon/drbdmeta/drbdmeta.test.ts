import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { drbdmeta } from "./drbdmeta.ts";

const dir = mkdtempSync(path.join(tmpdir(), "holdfast-drbdmeta-"));
after(() => rmSync(dir, { recursive: true }));
const theirs = "/usr/sbin/drbdmeta";
const noTheirs = existsSync(theirs) ? false : "drbdmeta of drbd-utils is not installed";

test("new metadata are made on an empty device, and never over what is there unless forced", () => {
  const file = newFile("one");
  assert.equal(meta(file, "get-gi").exit, 255);
  assert.equal(meta(file, "create-md").exit, 0);
  assert.match(meta(file, "get-gi").out, /^0{15}4:0{16}:0{16}:0{16}:0:0:0:0:0:0:0\n$/);
  const again = meta(file, "create-md");
  assert.equal(again.exit, 1);
  assert.match(again.error, /holds metadata of DRBD: nothing was changed \[HF2154\]\n {2}--force/);
  assert.equal(meta(file, "create-md", "--force").exit, 0);
});

test("a file system, swap space and unknown data are found, named and kept", () => {
  const contents: readonly (readonly [string, string, RegExp])[] = [
    ["ext", "mkfs.ext3 -q -F", /an ext2, ext3 or ext4 file system/],
    ["swap", "mkswap -q", /swap space/],
  ];
  for (const [name, command, words] of contents) {
    const file = newFile(name);
    const [program = "", ...args] = command.split(" ");
    execFileSync(`/sbin/${program}`, [...args, file], { stdio: "ignore" });
    const before = readFileSync(file);
    const refused = meta(file, "create-md");
    assert.equal(refused.exit, 1);
    assert.match(refused.error, words);
    assert.ok(readFileSync(file).equals(before));
  }
  const unknown = newFile("unknown");
  writeFileSync(unknown, "somebody's", { flag: "r+" });
  assert.match(meta(unknown, "create-md").error, /data of a kind that is not known/);
});

test("wipe-md removes them only when forced", () => {
  const file = newFile("wiped");
  meta(file, "create-md");
  assert.equal(meta(file, "wipe-md").exit, 1);
  assert.equal(meta(file, "dstate").out, "Inconsistent/DUnknown\n");
  assert.equal(meta(file, "wipe-md", "--force").exit, 0);
  assert.equal(meta(file, "dstate").exit, 255);
});

test("what makes no sense is refused with the usage", () => {
  for (const words of [
    [],
    ["0", "v09", "x", "internal", "get-gi"],
    ["0", "v08", "x", "y", "get-gi"],
  ]) {
    assert.equal(call(words).exit, 20);
  }
  assert.match(meta(path.join(dir, "none"), "get-gi").error, /HF2141/);
  assert.equal(call(["--help"]).exit, 0);
});

test("drbd-utils' drbdmeta reads what create-md has written", { skip: noTheirs }, () => {
  const file = newFile("theirs");
  meta(file, "create-md");
  const gi = execFileSync(theirs, ["--force", "0", "v08", file, "internal", "get-gi"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  assert.equal(meta(file, "get-gi").out.split(":", 4).join(), gi.split(":", 4).join());
});

test("we read what drbd-utils' drbdmeta has written, and dump the same", { skip: noTheirs }, () => {
  const file = newFile("from-theirs");
  const run = (...words: readonly string[]): string =>
    execFileSync(theirs, ["--force", "0", "v08", file, "internal", ...words], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
  run("create-md");
  const dump = path.join(dir, "dump");
  const words = `0x0000000000000001; 0x0000000000000003; 0x8000000000000000; 0xFFFFFFFFFFFFFFFF; 60 times 0xFFFFFFFFFFFFFFFF; 448 times 0x0000000000000000;`;
  writeFileSync(
    dump,
    run("dump-md")
      .replace(/la-size-sect \d+/, "la-size-sect 32768")
      .replace(/bm \{[^}]*\}/, `bm {\n ${words}\n}`),
  );
  run("restore-md", dump);
  // What was restored counts as not clean, with theirs as with ours.
  assert.equal(meta(file, "dump-md").exit, 255);
  const bare = (text: string): string =>
    text
      .split("\n")
      .filter((line) => line.trim() !== "" && !line.startsWith("#"))
      // Their dump tells no flags.
      .filter((line) => !line.includes("flags 0x"))
      .join("\n");
  assert.equal(bare(meta(file, "dump-md", "--force").out), bare(run("dump-md")));
});

function newFile(name: string): string {
  const file = path.join(dir, name);
  writeFileSync(file, "");
  truncateSync(file, 64 * 1024 * 1024);
  return file;
}

type Outcome = { readonly exit: number; readonly out: string; readonly error: string };

function meta(file: string, ...command: readonly string[]): Outcome {
  return call(["0", "v08", file, "internal", ...command]);
}

function call(words: readonly string[]): Outcome {
  let out = "";
  let error = "";
  const exit = drbdmeta(words, {
    out: (text) => {
      out += text;
    },
    error: (text) => {
      error += text;
    },
  });
  return { exit, out, error };
}
