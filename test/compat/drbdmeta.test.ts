/**
 * Metadata against drbd-utils' drbdmeta: every image that our code leaves behind, after simulated crashes and power cuts
 * too, is read by both with the same answer; what drbdmeta makes is read by us; and both replay a crashed node's activity
 * log into the same bytes.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  closeSync,
  copyFileSync,
  existsSync,
  ftruncateSync,
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
import { runReplication } from "../../sim/replication/run.ts";
import { drbdmeta } from "../../src/daemon/drbdmeta/drbdmeta.ts";
import { decodeSuperblock, MdFlag, type Superblock } from "../../src/formats/drbd/superblock.ts";
import { comparableDump } from "./comparable-dump.ts";

const program = "/usr/sbin/drbdmeta";
const missing = existsSync(program)
  ? undefined
  : `${program} (package drbd-utils) is not installed`;
const options = missing === undefined ? {} : { skip: missing };
const dir = mkdtempSync(path.join(tmpdir(), "holdfast-drbdmeta-"));
after(() => rmSync(dir, { recursive: true, force: true }));
process.env["HOLDFAST_STATE_DIR"] = dir;

/** A minor that no one else on the machine asks about. */
const minor = "917";
const superblockBytes = 4096;
const imagesMax = 16;
let files = 0;

type Image = { readonly file: string; readonly superblock: Superblock };
/** Made once. */
const images: Image[] = [];

test("new metadata are the same bytes, in every placement and size", options, () => {
  const cases: readonly (readonly [size: string, place: string, ...args: string[]])[] = [
    ["1M", "internal"],
    ["64M", "internal"],
    ["8M", "flex-external"],
    ["300M", "1"],
  ];
  for (const [size, place] of cases) {
    const [a, b] = [empty(size), empty(size)];
    assert.equal(ours(a, place, "create-md").exit, 0);
    assert.equal(theirs(b, place, "create-md").exit, 0);
    assert.equal(spawnSync("cmp", [a, b]).status, 0, `${size} ${place}`);
    sameWords(a, place);
    rmSync(a);
    rmSync(b);
  }
});

test("metadata that drbdmeta has made and filled are read alike", options, () => {
  const file = empty("64M");
  theirs(file, "internal", "create-md");
  const dump = path.join(dir, "filled.dump");
  writeFileSync(dump, filledDump);
  const restored = theirs(file, "internal", "restore-md", dump);
  assert.equal(restored.exit, 0, restored.text);
  const mine = ours(file, "internal", "dump-md", "--force").text;
  assert.match(mine, /8 times 0xFFFFFFFFFFFFFFFF;\n {3}# at 8192kB\n {4}0xF{16}; 0x0{15}7;/);
  sameWords(file, "internal");
});

test("what a node leaves behind, crashed or not, is read alike", options, () => {
  const found = imagesOfRuns();
  const crashed = found.filter(({ superblock }) => (superblock.flags & MdFlag.PrimaryInd) !== 0);
  assert.ok(found.length === imagesMax && crashed.length > 3, `${crashed.length} crashed`);
  for (const { file } of found) sameWords(file, "internal");
});

test("the activity log of a crashed node is replayed into the same bytes", options, () => {
  let marked = 0;
  for (const { file } of imagesOfRuns()) {
    const copy = `${file}.theirs`;
    copyFileSync(file, copy);
    const mine = ours(file, "internal", "apply-al");
    const other = theirs(copy, "internal", "apply-al");
    assert.equal(mine.exit, other.exit, `${mine.text} ${other.text}`);
    marked += markedKib(mine.text);
    assert.ok(readFileSync(file).equals(readFileSync(copy)), file);
    rmSync(copy);
  }
  assert.ok(marked > 0, "some log had something to say");
});

function markedKib(text: string): number {
  return Number(/Marked additional (\d+) KB/.exec(text)?.[1] ?? "0");
}

/** dump-md, get-gi and dstate of both say the same of a file. */
function sameWords(file: string, place: string): void {
  const mine = ours(file, place, "dump-md", "--force");
  const other = theirs(file, place, "dump-md");
  assert.equal(mine.exit, other.exit);
  assert.equal(comparableDump(mine.text), comparableDump(other.text));
  assert.equal(ours(file, place, "get-gi").text, theirs(file, place, "get-gi").text);
  const [disk = ""] = ours(file, place, "dstate").text.split("/");
  assert.equal(disk.trim(), theirs(file, place, "dstate").text.trim());
}

/** The disks as nodes found them when they started: after orderly ends, crashes and power cuts. */
function imagesOfRuns(): readonly Image[] {
  if (images.length > 0) return images;
  for (let seed = 8n; images.length < imagesMax && seed < 60n; seed++) {
    runReplication({
      seed,
      mutation: (node, effect) => {
        const size = node.disk.sizeBytes;
        const atStart = effect.kind === "disk-read" && effect.offset === size - superblockBytes;
        if (!atStart || images.length >= imagesMax || node.status() === undefined) return undefined;
        const superblock = decodeSuperblock(node.disk.readNow(effect.offset, superblockBytes));
        assert.ok(superblock.ok, "there are metadata");
        // The first start has nothing to tell.
        if (superblock.value.laSizeSectors === 0) return undefined;
        // Some room is kept for those that crashed.
        const isCrashed = (superblock.value.flags & MdFlag.PrimaryInd) !== 0;
        if (!isCrashed && images.length >= imagesMax - 6) return undefined;
        images.push({ file: imageOf(node.disk), superblock: superblock.value });
        return undefined;
      },
    });
  }
  return images;
}

/** Only the end matters: the metadata of a volume of 24 MiB on a disk of 26. */
function imageOf(disk: {
  readonly sizeBytes: number;
  readNow(offset: number, length: number): Uint8Array;
}): string {
  const file = path.join(dir, `${files++}.img`);
  const tail = 1024 * 1024;
  const fd = openSync(file, "w");
  ftruncateSync(fd, disk.sizeBytes);
  const at = disk.sizeBytes - tail;
  writeSync(fd, disk.readNow(at, tail), 0, tail, at);
  closeSync(fd);
  return file;
}

function empty(size: string): string {
  const file = path.join(dir, `${files++}.img`);
  writeFileSync(file, "");
  const unit = { M: 2 ** 20, G: 2 ** 30 }[size.slice(-1)];
  truncateSync(file, unit === undefined ? Number(size) : Number(size.slice(0, -1)) * unit);
  return file;
}

function ours(file: string, place: string, ...command: readonly string[]): Answer {
  let text = "";
  const add = (more: string): void => {
    text += more;
  };
  const exit = drbdmeta([minor, "v08", file, place, ...command], { out: add, error: add });
  return { exit, text };
}

type Answer = { readonly exit: number; readonly text: string };

function theirs(file: string, place: string, ...command: readonly string[]): Answer {
  const words = ["--force", minor, "v08", file, place, ...command];
  const run = spawnSync(program, words, { encoding: "utf8" });
  return { exit: run.status ?? -1, text: run.stdout };
}

const filledDump = `version "v08";

# md_size_sect 80
# md_offset 67104768
# al_offset 67072000
# bm_offset 67067904

uuid {
    0xEC438782DEC95F31; 0x5791D26395923DD7; 0x1234567890ABCDEE; 0x5790D26395923DD7;
    flags 0x00000011;
}
# al-extents 1237;
la-size-sect 130992;
bm-byte-per-bit 4096;
device-uuid 0xFC1AE5D61489C7DC;
la-peer-max-bio-size 1048576;
al-stripes 1;
al-stripe-size-4k 8;
# bm-bytes 4096;
bm {
   # at 0kB
    3 times 0xFFFFFFFFFFFFFFFF;
    0x0000000000000001; 0x8000000000000000; 0x00000000000000F0; 0x0000000000000000;
    17 times 0x0000000000000000;
    9 times 0xFFFFFFFFFFFFFFFF;
    9 times 0x0000000000000007;
    471 times 0x0000000000000000;
}
# bits-set 801;
`;
