/**
 * drbd-utils' drbdmeta as the judge of a damaged disk: what it refuses is refused here, what both read they read alike, and
 * both replay the activity log into the same bytes. We are stricter in one thing: a last agreed size that cannot be is
 * refused, where drbdmeta cuts it to what fits, and says so. Where an assertion of its own fails (a block of the log that
 * says it is initialised and has changes all the same), it goes on with what it holds to be impossible, and is no judge.
 */
import { spawnSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { assert } from "../../../src/base/assert.ts";
import { equalBytes } from "../../../src/base/bytes.ts";
import { drbdmeta } from "../../../src/daemon/drbdmeta/drbdmeta.ts";
import { comparableDump } from "../../compat/comparable-dump.ts";
import type { FuzzTarget } from "../fuzz-target.ts";
import {
  areaBytes,
  areaOffset,
  bitmapAreaBytes,
  editedArea,
  imageBytes,
  randomEdits,
} from "../inputs/metadata-image.ts";
import { mutateBytes } from "../inputs/mutate-bytes.ts";

const program = "/usr/sbin/drbdmeta";
/** A minor that no one else on the machine has. */
const minor = "919";

export const metadataDrbdmeta: FuzzTarget = {
  name: "metadata-drbdmeta",
  inputs: 1000,
  ...(existsSync(program) ? {} : { missing: `${program} (package drbd-utils) is not installed` }),
  make: (chance) => mutateBytes(randomEdits(chance), chance),
  run: (edits) => {
    const area = editedArea(edits);
    const [mine, other] = [fileOf("ours", area), fileOf("theirs", area)];
    const told = [ours(mine, "dump-md", "--force"), theirs(other, "dump-md")] as const;
    if (told[0].exit !== 0) {
      const cut = /la-size-sect was too big/.test(told[1].text);
      assert(told[1].exit !== 0 || cut, `refused here, read by drbdmeta: ${told[0].text}`);
      return "refused";
    }
    assert(told[1].exit === 0, `read here, refused by drbdmeta: ${told[1].text}`);
    assert(comparableDump(told[0].text) === comparableDump(told[1].text), "both say the same");
    const applied = [ours(mine, "apply-al"), theirs(other, "apply-al")] as const;
    const ends = `apply-al ends with ${applied[0].exit} here and ${applied[1].exit} there`;
    assert((applied[0].exit === 0) === (applied[1].exit === 0), ends);
    if (/ASSERT\(/.test(applied[1].complaints)) return "refused";
    assert(sameAreas(areaOf(mine), areaOf(other), told[0].text), "both leave the same bytes");
    return applied[0].exit === 0 ? "read" : "refused";
  },
};

type Answer = { readonly exit: number | null; readonly text: string };

function ours(file: string, ...command: readonly string[]): Answer {
  let text = "";
  const add = (more: string): void => {
    text += more;
  };
  const exit = drbdmeta([minor, "v08", file, "internal", ...command], { out: add, error: add });
  return { exit, text };
}

function theirs(
  file: string,
  ...command: readonly string[]
): Answer & { readonly complaints: string } {
  const words = ["--force", minor, "v08", file, "internal", ...command];
  const run = spawnSync(program, words, { encoding: "utf8" });
  return { exit: run.status, text: run.stdout, complaints: run.stderr };
}

/** But for bits behind the end of the volume, which mean nothing, and which we leave clear. */
function sameAreas(mine: Buffer, other: Buffer, dump: string): boolean {
  const sectors = Number(/la-size-sect (\d+);/.exec(dump)?.[1]);
  const used = Math.min(bitmapAreaBytes, Math.floor(sectors / 8 / 8));
  return (
    equalBytes(mine.subarray(0, used), other.subarray(0, used)) &&
    equalBytes(mine.subarray(bitmapAreaBytes), other.subarray(bitmapAreaBytes))
  );
}

let directory: string | undefined;

/** A file of this name with the area at its end, in a directory that goes with this process. */
function fileOf(name: string, area: Uint8Array): string {
  directory ??= newDirectory();
  const file = path.join(directory, name);
  const fd = openSync(file, "w");
  ftruncateSync(fd, imageBytes);
  writeSync(fd, area, 0, area.length, areaOffset);
  closeSync(fd);
  return file;
}

function areaOf(file: string): Buffer {
  const bytes = Buffer.alloc(areaBytes);
  const fd = openSync(file, "r");
  readSync(fd, bytes, 0, areaBytes, areaOffset);
  closeSync(fd);
  return bytes;
}

function newDirectory(): string {
  const made = mkdtempSync(path.join(tmpdir(), "holdfast-fuzz-"));
  process.env["HOLDFAST_STATE_DIR"] = made;
  process.on("exit", () => {
    rmSync(made, { recursive: true, force: true });
    rmSync(`/var/lib/drbd/drbd-minor-${minor}.lkbd`, { force: true });
  });
  return made;
}
