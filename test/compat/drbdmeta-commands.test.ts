/**
 * drbdmeta's commands, ours and drbd-utils', side by side on two equal devices: after each command both have ended with
 * the same exit code and have left the same bytes.
 */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import {
  copyFileSync,
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
import { drbdmeta } from "../../src/daemon/drbdmeta/drbdmeta.ts";

const program = "/usr/sbin/drbdmeta";
const skip = existsSync(program) ? false : `${program} (package drbd-utils) is not installed`;
const dir = mkdtempSync(path.join(tmpdir(), "holdfast-drbdmeta-commands-"));
/** A minor that no one else on the machine has. */
const minor = "918";
after(() => {
  rmSync(dir, { recursive: true, force: true });
  rmSync(`/var/lib/drbd/drbd-minor-${minor}.lkbd`, { force: true });
});
process.env["HOLDFAST_STATE_DIR"] = dir;

const kib = 1024;
const mib = 1024 * kib;

type Story = {
  readonly name: string;
  readonly sizeBytes: number;
  readonly place?: string;
  /** Prepares the file that both get a copy of. */
  readonly content?: (file: string) => void;
  /** Command lines, or the size to which the device grows. */
  readonly steps: readonly (string | number)[];
};

const stories: readonly Story[] = [
  {
    name: "a device without metadata",
    sizeBytes: 16 * mib,
    steps: [
      ..."get-gi,dump-md,dstate,wipe-md,apply-al,outdate,check-resize,set-gi 1,read-dev-uuid".split(
        ",",
      ),
      ..."nonsense,set-gi,write-dev-uuid,restore-md /nonexistent".split(","),
    ],
  },
  {
    name: "generation identifiers",
    sizeBytes: 16 * mib,
    steps: [
      "create-md",
      ..."set-gi 12:34:56:78:1:1:1:0:0:1,set-gi :9,set-gi 1:x,set-gi 1:2:3:4:2".split(","),
      ..."dstate,outdate,invalidate,outdate,get-gi".split(","),
      ..."write-dev-uuid 0123456789abcdef,read-dev-uuid,apply-al,check-resize,dump-md,wipe-md".split(
        ",",
      ),
    ],
  },
  {
    name: "stripes of the activity log",
    sizeBytes: 16 * mib,
    steps: [
      "create-md --al-stripes 2 --al-stripe-size-kB 64",
      "dump-md",
      "wipe-md",
      "create-md -s 3 -z 20 --peer-max-bio-size 4096",
      "dump-md",
      "create-md -s 1 -z 4",
      "create-md -s 1000 -z 400",
    ],
  },
  {
    name: "a device that grows, by more and by less than its metadata",
    sizeBytes: 16 * mib,
    steps: [
      ...["create-md", "set-gi 12:34", 24 * mib, "get-gi", "check-resize", "get-gi"],
      ...[24 * mib + 12 * kib, "apply-al", "dump-md", 24 * mib + 16 * kib, "dump-md"],
      ...["check-resize", "dump-md", 40 * mib, "wipe-md", "create-md", "dump-md"],
    ],
  },
  { name: "a device of 1000 KiB", sizeBytes: 1000 * kib, steps: ["create-md", "dump-md"] },
  { name: "the smallest device", sizeBytes: 68 * kib, steps: ["create-md", "get-gi"] },
  { name: "a device that is too small", sizeBytes: 16 * kib, steps: ["create-md"] },
  {
    name: "a file system that fills its device",
    sizeBytes: 16 * mib,
    content: (file) => execFileSync("/sbin/mkfs.ext4", ["-q", "-F", file]),
    steps: ["create-md", 17 * mib, "create-md", "dump-md"],
  },
  {
    name: "swap space",
    sizeBytes: 16 * mib,
    content: (file) => execFileSync("/sbin/mkswap", ["-q", file], { stdio: "ignore" }),
    steps: ["create-md", "create-md --ignore-sanity-checks"],
  },
  {
    name: "data of an unknown kind",
    sizeBytes: 16 * mib,
    content: (file) => writeFileSync(file, "somebody's", { flag: "r+" }),
    steps: ["create-md"],
  },
  {
    name: "external metadata",
    sizeBytes: 8 * mib,
    place: "flex-external",
    steps: ["create-md", "set-gi 1:2", "dump-md", "wipe-md", "check-resize"],
  },
  {
    name: "a slot of shared metadata",
    sizeBytes: 128 * mib,
    place: "0",
    steps: ["create-md", "set-gi 1:2", "dump-md", "wipe-md"],
  },
];

for (const story of stories) {
  test(`drbdmeta as drbd-utils': ${story.name}`, { skip }, () => tell(story));
}

function tell({ name, sizeBytes, place = "internal", content, steps }: Story): void {
  const [mine, theirs] = [path.join(dir, "mine"), path.join(dir, "theirs")];
  writeFileSync(mine, "");
  truncateSync(mine, sizeBytes);
  content?.(mine);
  copyFileSync(mine, theirs);
  for (const step of steps) {
    if (typeof step === "number") {
      for (const file of [mine, theirs]) truncateSync(file, step);
      continue;
    }
    const words = step.split(" ");
    const run = spawnSync(program, ["--force", minor, "v08", theirs, place, ...words]);
    const quiet = (): void => {};
    const exit = drbdmeta(["--force", minor, "v08", mine, place, ...words], {
      out: quiet,
      error: quiet,
    });
    assert.equal(exit, run.status, `${name}: ${step}: ${run.stderr}`);
    assert.ok(readFileSync(mine).equals(readFileSync(theirs)), `${name}: the bytes after ${step}`);
  }
  rmSync(path.join(dir, "drbd"), { recursive: true, force: true });
  rmSync(`/var/lib/drbd/drbd-minor-${minor}.lkbd`, { force: true });
}
