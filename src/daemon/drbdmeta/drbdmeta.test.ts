import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { openDevice } from "../../host/store/open-device.ts";
import { drbdmeta } from "./drbdmeta.ts";

const dir = mkdtempSync(path.join(tmpdir(), "holdfast-drbdmeta-"));
after(() => rmSync(dir, { recursive: true }));
process.env["HOLDFAST_STATE_DIR"] = dir;
const theirs = "/usr/sbin/drbdmeta";
const noTheirs = existsSync(theirs) ? false : "drbdmeta of drbd-utils is not installed";

test("new metadata are made on an empty device, and never over what is there unless forced", () => {
  const file = newFile("one");
  assert.equal(meta(file, "get-gi").exit, 1);
  assert.equal(meta(file, "create-md").exit, 0);
  assert.match(meta(file, "get-gi").out, /^0{15}4:0{16}:0{16}:0{16}:0:0:0:0:0:0:0\n$/);
  const again = meta(file, "create-md");
  assert.equal(again.exit, 1);
  assert.match(again.error, /holds metadata of DRBD: nothing was changed \[HF2154\]\n {2}--force/);
  assert.equal(meta(file, "create-md", "--force").exit, 0);
});

test("what metadata would cut short is named and kept, whoever forces", () => {
  const contents: readonly (readonly [string, string, RegExp])[] = [
    [
      "ext",
      "mkfs.ext3 -q -F",
      /an ext2, ext3 or ext4 file system of 65536 kB, and 65496 kB are left/,
    ],
    ["swap", "mkswap -q", /swap space of 65536 kB/],
  ];
  for (const [name, command, words] of contents) {
    const file = newFile(name);
    const [program = "", ...args] = command.split(" ");
    execFileSync(`/sbin/${program}`, [...args, file], { stdio: "ignore" });
    const before = readFileSync(file);
    for (const refused of [meta(file, "create-md"), meta(file, "create-md", "--force")]) {
      assert.equal(refused.exit, 40);
      assert.match(refused.error, words);
      assert.ok(readFileSync(file).equals(before));
    }
    assert.equal(meta(file, "create-md", "--force", "--ignore-sanity-checks").exit, 0);
  }
});

test("a physical volume says how much of its device it needs", () => {
  const file = newFile("pv");
  const label = Buffer.alloc(512);
  label.write("LABELONE");
  label.writeUInt32LE(32, 20);
  label.write("LVM2 001", 24);
  label.writeBigUInt64LE(60n * 1024n * 1024n, 64);
  const write = (): void => {
    const fd = openSync(file, "r+");
    writeSync(fd, label, 0, 512, 512);
    closeSync(fd);
  };
  write();
  const asked = meta(file, "create-md");
  assert.equal(asked.exit, 1);
  assert.match(
    asked.error,
    /holds an LVM physical volume; what lies at its end would be overwritten/,
  );
  label.writeBigUInt64LE(64n * 1024n * 1024n, 64);
  write();
  assert.equal(meta(file, "create-md", "--force").exit, 40);
});

test("data of an unknown kind are kept until somebody says yes", () => {
  const file = newFile("unknown");
  writeFileSync(file, "somebody's", { flag: "r+" });
  assert.match(meta(file, "create-md").error, /data of a kind that is not known/);
  assert.equal(answering("no", file, "create-md").exit, 1);
  assert.equal(answering("y", file, "create-md").exit, 1);
  assert.equal(answering("yes", file, "create-md").exit, 0);
  assert.equal(meta(file, "get-gi").exit, 0);
});

test("metadata of other versions are told, and not taken for none", () => {
  for (const [offset, magic, words] of [
    [0x3c, 0x8374026d, /they are of version v09, DRBD 9's/],
    [0x24, 0x8374026a, /they are of version v07, DRBD 0.7's/],
  ] as const) {
    const file = newFile(`version-${offset}`);
    const block = Buffer.alloc(4096);
    block.writeUInt32BE(magic, offset);
    const fd = openSync(file, "r+");
    writeSync(fd, block, 0, 4096, 64 * 1024 * 1024 - 4096);
    closeSync(fd);
    const seen = meta(file, "get-gi");
    assert.equal(seen.exit, 1);
    assert.match(seen.error, words);
    assert.equal(meta(file, "create-md").exit, 1);
    assert.equal(meta(file, "create-md", "--force").exit, 0);
  }
});

test("a device in use is left alone", () => {
  const file = newFile("in-use");
  meta(file, "create-md");
  const holder = openDevice(file);
  assert.ok(holder.ok);
  const before = readFileSync(file);
  for (const command of ["create-md", "wipe-md", "dump-md"]) {
    const refused = meta(file, command, "--force");
    assert.equal(refused.exit, 20);
    assert.match(refused.error, /is used by another process \[HF2141\]/);
  }
  closeSync(holder.value.fd);
  assert.ok(readFileSync(file).equals(before));
});

test("a dump is restored as it was, also with other stripes", () => {
  const file = newFile("restored");
  meta(file, "create-md");
  meta(file, "set-gi", "12:34:56:78:1:1", "--force");
  const dump = path.join(dir, "dump-of-ours");
  writeFileSync(
    dump,
    meta(file, "dump-md")
      .out.replace(/la-size-sect \d+/, "la-size-sect 65536")
      .replace(/bm \{[^}]*\}/, "bm { 0x0000000000000007; 100 times 0xFFFFFFFFFFFFFFFF; }"),
  );
  assert.equal(meta(file, "verify-dump", dump).exit, 0);
  assert.equal(meta(file, "restore-md", dump).exit, 255);
  assert.equal(meta(file, "restore-md", dump, "--force", "-s", "2").exit, 0);
  const again = meta(file, "dump-md").out;
  assert.match(again, /0x0{14}12; 0x0{14}34; 0x0{14}56; 0x0{14}78;\n {4}flags 0x00000091/);
  assert.match(again, /al-stripes 2;/);
  assert.match(again, /bits-set 6403;/);
});

test("a dump that makes no sense changes nothing, and the line is told", () => {
  const file = newFile("not-restored");
  meta(file, "create-md");
  const good = meta(file, "dump-md").out;
  const before = readFileSync(file);
  const dump = path.join(dir, "bad-dump");
  for (const [text, words] of [
    ["", /line 1: 'version' expected, but end of file/],
    [good.replace("v08", "v09"), /the dump is of "v09", not "v08"/],
    [good.replace("4096;", "8192;"), /a bit of the bitmap has to stand for 4096 bytes/],
    [
      good.replace("uuid {", "uuid { {"),
      /line 10: a hexadecimal number expected, but '\{' encountered/,
    ],
    [good.replace("la-size-sect 0", "la-size-sect 999999999"), /the device has room for/],
    [good.replace("bm {", "bm { 99999999999999 times 0x0;"), /'times' expected|a number expected/],
    [`${good}uuid`, /followed by something/],
    [good.slice(0, -30), /expected, but end of file/],
  ] as const) {
    writeFileSync(dump, text);
    const refused = meta(file, "restore-md", dump, "--force");
    assert.equal(refused.exit, 10, text);
    assert.match(refused.error, words);
    assert.ok(readFileSync(file).equals(before));
  }
});

test("wipe-md removes them only when forced", () => {
  const file = newFile("wiped");
  meta(file, "create-md");
  assert.equal(meta(file, "wipe-md").exit, 1);
  assert.equal(meta(file, "dstate").out, "Inconsistent/DUnknown\n");
  assert.equal(meta(file, "wipe-md", "--force").exit, 0);
  assert.equal(meta(file, "dstate").exit, 1);
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

/** Of no minor: it would lock that for the whole machine, and other tests run at the same time. */
function theirsOn(file: string, ...words: readonly string[]): string {
  return execFileSync(theirs, ["--force", "-", "v08", file, "internal", ...words], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
}

test("drbd-utils' drbdmeta reads what create-md has written", { skip: noTheirs }, () => {
  const file = newFile("theirs");
  meta(file, "create-md");
  const gi = theirsOn(file, "get-gi");
  assert.equal(meta(file, "get-gi").out.split(":", 4).join(), gi.split(":", 4).join());
});

test("we read what drbd-utils' drbdmeta has written, and dump the same", { skip: noTheirs }, () => {
  const file = newFile("from-theirs");
  const run = (...words: readonly string[]): string => theirsOn(file, ...words);
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

function answering(line: string, file: string, ...command: readonly string[]): Outcome {
  return call(["0", "v08", file, "internal", ...command], () => line);
}

function call(words: readonly string[], readLine?: () => string): Outcome {
  let out = "";
  let error = "";
  const exit = drbdmeta(words, {
    out: (text) => {
      out += text;
    },
    error: (text) => {
      error += text;
    },
    ...(readLine === undefined ? {} : { readLine }),
  });
  return { exit, out, error };
}
