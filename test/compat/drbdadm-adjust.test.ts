/**
 * `drbdadm adjust` of a resource that runs: what ours would do, against what drbdadm of DRBD 8.4 (package drbd-utils)
 * would do when our `drbdsetup show` tells it how the resource runs; then it is done, and neither finds anything left.
 */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { drbdadmMissing } from "./drbdadm-84.ts";
import { runAs } from "./run-as-host.ts";

const missing = drbdadmMissing();
const options = missing === undefined ? {} : { skip: missing };
const oracle = "/lib/drbd/drbdadm-84";
const bin = path.resolve(import.meta.dirname, "../../bin");
let dir = "";

before(() => {
  dir = mkdtempSync(path.join(tmpdir(), "holdfast-adjust-"));
  mkdirSync(path.join(dir, "run"));
  for (const name of ["a", "b", "c"]) {
    writeFileSync(path.join(dir, name), "");
    truncateSync(path.join(dir, name), 8 << 20);
  }
});
after(() => {
  if (missing === undefined) ours("down", "r0");
  rmSync(dir, { recursive: true });
});

type Choices = {
  readonly net?: string;
  readonly options?: string;
  readonly disk?: string;
  readonly diskOf1?: string;
  readonly port?: number;
  readonly minor1?: number;
  readonly volumes?: readonly number[];
};

function written(choices: Choices): void {
  const { net = "", options: own = "", disk = "", diskOf1 = "", port = 7910 } = choices;
  const { minor1 = 101, volumes = [0, 1] } = choices;
  const backing = (number: number): string => path.join(dir, ["a", "b", "c"][number] ?? "a");
  const minor = (number: number): number => (number === 1 ? minor1 : 100 + number);
  const volume = (number: number): string =>
    `volume ${number} { device /dev/drbd${minor(number)}; disk ${backing(number)}; meta-disk internal; ${number === 1 ? diskOf1 : ""} }`;
  const host = (name: string, own: number): string =>
    `on ${name} { address 127.0.0.1:${own}; ${volumes.map(volume).join("\n")} }`;
  writeFileSync(
    path.join(dir, "drbd.conf"),
    `global { disable-ip-verification; usage-count no; }
resource r0 {
  net { cram-hmac-alg sha1; shared-secret "two words"; ${net} }
  options { ${own} }
  disk { resync-rate 10M; ${disk} }
  ${host("alpha", 7909)}
  ${host("bravo", port)}
}
`,
  );
}

function ours(...words: readonly string[]) {
  return runAs("alpha", path.join(bin, "drbdadm"), ["-c", path.join(dir, "drbd.conf"), ...words], {
    HOLDFAST_RUN_DIR: path.join(dir, "run"),
    HOLDFAST_STATE_DIR: path.join(dir, "state"),
    HOLDFAST_LOG_DIR: dir,
  });
}

function theirs(...words: readonly string[]) {
  const setup = path.join(bin, "drbdsetup");
  return runAs("alpha", oracle, ["-c", path.join(dir, "drbd.conf"), "-s", setup, ...words], {
    HOLDFAST_RUN_DIR: path.join(dir, "run"),
    HOLDFAST_STATE_DIR: path.join(dir, "state"),
    DRBD_DONT_WARN_ON_VERSION_MISMATCH: "1",
  });
}

/** What both would do, which has to be the same. */
function wouldDo(): string {
  const mine = ours("-d", "adjust", "r0");
  assert.equal(mine.status, 0, mine.stderr);
  const other = theirs("-d", "adjust", "r0");
  assert.equal(mine.stdout, other.stdout.replaceAll(path.join(bin, "drbdsetup"), "drbdsetup"));
  return mine.stdout;
}

function done(...words: readonly string[]): void {
  const run = ours(...words);
  assert.equal(run.status, 0, run.stderr);
}

/** Both want to do it, it is done, and then nothing is left to do. */
function adjusted(choices: Choices, expected: RegExp): void {
  written(choices);
  assert.match(wouldDo(), expected);
  done("adjust", "r0");
  assert.equal(wouldDo(), "");
}

test(
  "what differs is done by the commands that DRBD's own drbdadm would run",
  options,
  async (t) => {
    written({});
    done("create-md", "--force", "r0");
    assert.match(wouldDo(), /^drbdsetup new-resource r0\n/);
    done("adjust", "r0");
    assert.equal(wouldDo(), "");

    await t.test("an option of the connection", () => {
      adjusted({ net: "max-buffers 4000;" }, /^drbdsetup net-options .*--set-defaults.*\n$/);
    });
    await t.test("an option of one volume's disk, and the connection's back to what it was", () => {
      const disk = { diskOf1: "disk { c-max-rate 50M; }" };
      adjusted(disk, /^drbdsetup disk-options 101 --set-defaults .*\ndrbdsetup net-options .*\n$/);
    });
    await t.test("an option of the resource", () => {
      adjusted({ options: "on-no-data-accessible suspend-io;" }, /resource-options r0/);
    });
    await t.test("what was changed for the time being goes back to what the file says", () => {
      done("disk-options", "--c-min-rate=0", "r0/0");
      done("net-options", "--ping-int=3", "r0");
      adjusted({ options: "on-no-data-accessible suspend-io;" }, /disk-options 100.*net-options/s);
    });
    await t.test("a disk that is detached", () => {
      done("detach", "r0/1");
      adjusted({}, /drbdsetup attach 101 /);
    });
    await t.test("another address of the peer", () => {
      adjusted({ port: 7911 }, /drbdsetup disconnect .*7910\ndrbdsetup connect .*7911/);
    });
    await t.test("another minor of a volume", () => {
      adjusted({ port: 7911, minor1: 105 }, /detach 101\n.*del-minor 101\n.*new-minor r0 105 1/);
    });
    await t.test("a volume less", () => {
      adjusted({ port: 7911, volumes: [0] }, /detach 105\n.*del-minor 105/);
    });
  },
);

test("a connection that was ended is made again", options, () => {
  written({});
  done("adjust", "r0");
  done("disconnect", "r0");
  // The real drbdadm of 9.22 crashes over a resource without a connection: nothing to compare with.
  assert.match(ours("-d", "adjust", "r0").stdout, /^drbdsetup connect r0 /);
  done("adjust", "r0");
  assert.equal(wouldDo(), "");
});

test("drbdsetup does for a minor what drbdadm does for its volume", options, () => {
  const setup = (...words: readonly string[]) =>
    runAs("alpha", path.join(bin, "drbdsetup"), words, {
      HOLDFAST_RUN_DIR: path.join(dir, "run"),
      HOLDFAST_LOG_DIR: dir,
    });
  assert.equal(setup("role", "100").stdout, "Secondary/Unknown\n");
  assert.equal(setup("dstate", "minor-101").stdout, "Inconsistent/DUnknown\n");
  assert.equal(setup("detach", "/dev/drbd101").status, 0);
  assert.equal(setup("dstate", "101").stdout, "Diskless/DUnknown\n");
  assert.equal(setup("primary", "100").status, 17);
  assert.equal(setup("role", "99").status, 10);
  assert.equal(setup("role").status, 20);
  done("adjust", "r0");
});

test("a value out of range is refused, and what runs is left as it is", options, () => {
  const run = ours("net-options", "--ping-int=9999", "r0");
  assert.equal(run.status, 20);
  assert.match(run.stderr, /ping-int 9999.*1 to 120/);
  assert.equal(wouldDo(), "");
});

test("a resource in use is not started anew under its user", options, () => {
  done("primary", "--force", "r0");
  written({ port: 7915 });
  const run = ours("adjust", "r0");
  assert.equal(run.status, 10);
  assert.match(run.stderr, /HF2150/);
  done("secondary", "r0");
  done("adjust", "r0");
});
