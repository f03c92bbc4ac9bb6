/**
 * The disk of a node whose power was cut behind any write of a growth: drbd-utils' drbdmeta reads its metadata, and says
 * of them what ours says.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import type { SimDisk } from "../../sim/kernel/sim-disk.ts";
import { drbdmeta } from "../../src/daemon/drbdmeta/drbdmeta.ts";
import { cutBehind } from "../replication/growth-cut.ts";
import { blockBytes, mib } from "../replication/pair.ts";
import { comparableDump } from "./comparable-dump.ts";

const program = "/usr/sbin/drbdmeta";
const options = existsSync(program)
  ? {}
  : { skip: `${program} (package drbd-utils) is not installed` };
const dir = mkdtempSync(path.join(tmpdir(), "holdfast-growth-"));
after(() => rmSync(dir, { recursive: true, force: true }));
process.env["HOLDFAST_STATE_DIR"] = dir;

const place = ["916", "v08", path.join(dir, "disk.img"), "internal"] as const;

for (const growth of [40 * blockBytes, 2 * mib]) {
  for (const victim of ["alpha", "bravo"] as const) {
    test(`grown by ${growth} bytes on ${victim}`, options, () => {
      let judged = 0;
      const look = (disk: SimDisk): void => {
        writeFileSync(place[2], disk.readNow(0, disk.sizeBytes));
        assert.equal(comparableDump(ours()), comparableDump(theirs()), `cut behind ${judged}`);
        judged++;
      };
      while (cutBehind(judged, { growth, victim, look }));
      assert.ok(judged >= 4, `${judged} disks were looked at`);
    });
  }
}

function ours(): string {
  let text = "";
  const add = (more: string): void => {
    text += more;
  };
  assert.equal(drbdmeta([...place, "dump-md", "--force"], { out: add, error: add }), 0, text);
  return text;
}

function theirs(): string {
  const run = spawnSync(program, ["--force", ...place, "dump-md"], { encoding: "utf8" });
  assert.equal(run.status, 0, run.stderr);
  return run.stdout;
}
