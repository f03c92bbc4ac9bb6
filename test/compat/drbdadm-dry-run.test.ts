/** What `drbdadm -d` prints, compared with drbdadm of DRBD 8.4 (package drbd-utils), command by command. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import type { LineAnswer } from "./drbdadm-lines.ts";

const oracle = "/lib/drbd/drbdadm-84";
const ours = path.resolve(import.meta.dirname, "../../bin/drbdadm");
const lineProgram = path.resolve(import.meta.dirname, "drbdadm-lines.ts");
const skip =
  process.getuid?.() !== 0
    ? "needs root, to be another host by unshare"
    : existsSync(oracle)
      ? false
      : `needs ${oracle} (package drbd-utils)`;

const directory = mkdtempSync(path.join(tmpdir(), "holdfast-drbdadm-"));
after(() => rmSync(directory, { recursive: true }));

const conf = path.join(directory, "drbd.conf");
writeFileSync(
  conf,
  `global { disable-ip-verification; usage-count no; }
common {
  protocol C;
  net { cram-hmac-alg sha1; shared-secret "two words"; after-sb-0pri discard-zero-changes; }
  disk { resync-rate 10M; }
}
resource r0 {
  disk { fencing resource-only; on-io-error detach; }
  on alpha {
    address 10.0.0.1:7790;
    volume 0 { device /dev/drbd0; disk /dev/vg/a; meta-disk internal; }
    volume 1 { device /dev/drbd1; disk /dev/vg/b; meta-disk /dev/vg/m[2]; disk { al-extents 257; } }
  }
  on bravo {
    address 10.0.0.2:7790;
    volume 0 { device /dev/drbd0; disk /dev/vg/a; meta-disk internal; }
    volume 1 { device /dev/drbd1; disk /dev/vg/b; meta-disk /dev/vg/m[2]; }
  }
}
resource "r1" {
  net { allow-two-primaries; }
  on alpha { device /dev/drbd5; disk /dev/vg/c; flexible-meta-disk /dev/vg/f; address 10.0.0.1:7791; }
  on bravo { device /dev/drbd5; disk /dev/vg/c; flexible-meta-disk /dev/vg/f; address 10.0.0.2:7791; }
}
resource r2 {
  options { cpu-mask 3; on-no-data-accessible suspend-io; }
  handlers { fence-peer "env | grep ^DRBD_[CLMPRV] | sort"; pri-lost "env | grep ^DRBD_[CLMPRV] | sort; exit 3"; }
  startup { wfc-timeout 5; degr-wfc-timeout 7; become-primary-on alpha; }
  on alpha { device /dev/drbd6; disk /dev/vg/d; meta-disk internal; address 10.0.0.1:7792; }
  on bravo { device /dev/drbd6; disk /dev/vg/d; meta-disk internal; address 10.0.0.2:7792; }
}
`,
);

const commandLines: readonly string[] = [
  "up r0",
  "up r1",
  "up all",
  "down r0",
  "attach r0/1",
  "detach r1",
  "detach --force r1",
  "connect r0",
  "connect --discard-my-data r1",
  "disconnect r1",
  "disconnect --force r1",
  "primary r1",
  "primary --force r0",
  "-- --overwrite-data-of-peer primary r0",
  "secondary r0",
  "invalidate r0/0",
  "invalidate r1",
  "invalidate-remote r1",
  "outdate r1",
  "pause-sync r0",
  "resume-sync r1",
  "suspend-io r0",
  "resume-io r1",
  "new-current-uuid r1",
  "new-current-uuid --clear-bitmap r1",
  "create-md r0",
  "create-md --force r1",
  "get-gi r1",
  "show-gi r0",
  "dump-md r1",
  "wipe-md r1",
  "apply-al r0",
  "role r0",
  "cstate r1",
  "dstate r1",
  "status r1",
  "status",
  "wait-connect r1",
  "wait-connect r2",
  "adjust r1",
  "adjust-with-progress r0",
  "adjust r2",
  "up minor-5",
  "up r0 r1/0",
  "role minor-0",
  "get-gi r0/1",
  "disk-options r0",
  "disk-options --c-max-rate=100M r0/1",
  "net-options --ping-int=3 r1",
  "net-options --allow-two-primaries=no --protocol=A r1",
  "resource-options --cpu-mask=3 r2",
  "connect --max-buffers=36 --discard-my-data r1",
  "connect --tentative r1",
  "-W --max-buffers=4k connect r1",
  "new-resource r2",
  "verify r0",
  "resize r0",
  "resize r1",
  "check-resize r0",
  "-- --assume-clean resize r1",
  "-- --start=100 verify r1",
  "-- --start=100 --stop=10M verify r0/1",
  "new-minor r0",
  "sh-new-minor r0/1",
  "sh-b-pri all",
  "fence-peer r2",
  "fence-peer r1",
  "pri-lost minor-6",
  "set-gi r0/0",
  "-- 1:2:3:4 set-gi r0/0",
  "-- --force create-md r1",
  "-- --force wipe-md r0/1",
];

const tellingLines: readonly string[] = [
  "sh-resources",
  "sh-dev r0",
  "sh-minor r1",
  "sh-ll-dev r0",
  "sh-md-dev r0",
  "sh-md-idx r0",
  "sh-md-idx r1",
  "sh-ip r1",
  "sh-resource r1",
  "sh-udev r0/1",
  "sh-udev minor-5",
  "sh-mod-parms",
  "sh-udev r2",
  "sh-b-pri r1",
  "-S sh-resources",
  "dump-xml",
  "dump-xml r1",
  "dump r1 r2",
];

/** They run what the configuration names, whose output is the process's own. */
const handlerLines: readonly string[] = [
  "fence-peer r2",
  "fence-peer minor-6",
  "pri-lost minor-6",
  "pri-lost r2",
  "split-brain r2",
];

const unknownWords: readonly (readonly string[])[] = [
  ["nosuch"],
  ["up"],
  ["up", "nosuch"],
  ["up", "r0/7"],
  ["up", "minor-9"],
  ["connect", "r0/0"],
  ["adjust", "r0/1"],
  ["sh-udev", "r0"],
  ["set-gi", "r0"],
  ["sh-lr-of", "r0"],
  ["-S", "up", "r0"],
  ["-S", "up", "all"],
];

/** By line. */
const answers = new Map<string, LineAnswer>();

before(() => {
  if (skip !== false) return;
  const dry = commandLines.map((line) => ["-c", conf, "-d", ...line.split(" ")]);
  const telling = tellingLines.map((line) => ["-c", conf, ...line.split(" ")]);
  const all = [...dry, ...telling, ...unknownWords.map((line) => ["-c", conf, ...line])];
  const asked = onAlpha(process.execPath, [lineProgram], JSON.stringify(all));
  const answered = JSON.parse(asked.stdout) as readonly LineAnswer[];
  assert.equal(answered.length, all.length, asked.stderr);
  for (const [i, answer] of answered.entries()) answers.set((all[i] ?? []).join(" "), answer);
});

for (const line of commandLines) {
  test(`drbdadm -d ${line}`, { skip }, () => {
    const words = ["-c", conf, "-d", ...line.split(" ")];
    const expected = onAlpha(oracle, words);
    const actual = answerTo(words);
    assert.equal(actual.stdout, expected.stdout.replaceAll("/lib/drbd/drbdsetup-84", "drbdsetup"));
    assert.equal(actual.status, expected.status, actual.stderr);
  });
}

for (const line of tellingLines) {
  test(`drbdadm ${line}`, { skip }, () => {
    const words = ["-c", conf, ...line.split(" ")];
    assert.equal(answerTo(words).stdout, onAlpha(oracle, words).stdout);
  });
}

for (const line of handlerLines) {
  test(`drbdadm ${line}`, { skip }, () => {
    const words = ["-c", conf, ...line.split(" ")];
    assert.equal(onAlpha(ours, words).stdout, onAlpha(oracle, words).stdout);
  });
}

test("what drbdadm does not know ends with its exit code", { skip }, () => {
  for (const line of unknownWords) {
    const words = ["-c", conf, ...line];
    const [expected, actual] = [onAlpha(oracle, words), answerTo(words)];
    assert.equal(actual.status, expected.status, words.join(" "));
  }
  const missing = path.join(directory, "no-such-file");
  assert.equal(onAlpha(ours, ["-c", missing, "up", "r0"]).status, 10);
});

function answerTo(words: readonly string[]): LineAnswer {
  const answer = answers.get(words.join(" "));
  assert.ok(answer);
  return answer;
}

function onAlpha(program: string, words: readonly string[], input = "") {
  const script = 'hostname alpha; exec "$@"';
  return spawnSync("unshare", ["--uts", "sh", "-c", script, "sh", program, ...words], {
    encoding: "utf8",
    input,
    env: { ...process.env, HOLDFAST_RUN_DIR: path.join(directory, "run") },
  });
}
