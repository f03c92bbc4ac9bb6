import assert from "node:assert/strict";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { parseDemoArguments } from "./demo-arguments.ts";
import { demoReport, newFindings } from "./demo-report.ts";
import { parseDiskFigures, resyncFigures } from "./disk-figures.ts";
import { failoverMarks, failoverTimes, parseTimeline } from "./failover-times.ts";
import { loadHowtoFiles } from "./howto-files.ts";
import { configure, migrateSteps, placeIn, targetRoleSteps } from "./howto-steps.ts";
import { newScreen, wrapped } from "./screen.ts";

const examples = path.resolve(import.meta.dirname, "../../examples/howto");
const seed = path.resolve(import.meta.dirname, "../../../shared/seed");
const noSeed = existsSync(seed) ? false : "the how-to's published files are not at ../shared/seed";
const dir = mkdtempSync(path.join(tmpdir(), "holdfast-demo-"));
after(() => rmSync(dir, { recursive: true }));

test("the demo's arguments are read, and those that make no sense refused", () => {
  const preset = { help: false, exit: false, keep: false, name: "demo" };
  assert.deepEqual(parseDemoArguments([]), { ok: true, value: preset });
  assert.deepEqual(parseDemoArguments(["--files", "d", "--json=f", "--exit", "--name", "n"]), {
    ok: true,
    value: { help: false, exit: true, keep: false, name: "n", files: "d", json: "f" },
  });
  for (const bad of [
    ["--files"],
    ["--guest", "debian"],
    ["x"],
    ["--toString"],
    ["--exit", "--keep"],
  ]) {
    assert.equal(parseDemoArguments(bad).ok, false, bad.join(" "));
  }
});

test("the example files are complete; their key is a random one each time", () => {
  const one = loadHowtoFiles(examples);
  const two = loadHowtoFiles(examples);
  const key = (files: typeof one): string =>
    files.files.find((file) => file.name === "authkeys")?.text ?? "";
  assert.match(key(one), /^1 sha1 [0-9a-f]{64}$/m);
  assert.notEqual(key(one), key(two));
  assert.equal(one.files.find((file) => file.name === "authkeys")?.mode, 0o600);
  assert.equal(one.remarks.length, 1, one.remarks.join("\n"));
  assert.match(one.remarks[0] ?? "", /random key/);
  const kernel = "/boot/vmlinuz-2.6.18-6-xen-686";
  assert.ok(one.kernels.every((paths) => paths.kernel === kernel));
});

test("the published files are taken byte for byte; the missing one is made, with a warning", {
  skip: noSeed,
}, () => {
  const { files, remarks } = loadHowtoFiles(seed);
  for (const file of files.filter((one) => existsSync(path.join(seed, one.name)))) {
    assert.equal(file.text, readFileSync(path.join(seed, file.name), "utf8"), file.name);
  }
  assert.match(remarks.join("\n"), /warning: .*no host2\.xml: made from/);
});

test("host2.xml is made from host1.xml where there is none, and this is said", () => {
  cpSync(examples, path.join(dir, "two"), { recursive: true });
  rmSync(path.join(dir, "two/host2.xml"));
  const { files, remarks } = loadHowtoFiles(path.join(dir, "two"));
  const text = (name: string): string => files.find((file) => file.name === name)?.text ?? "";
  assert.equal(text("host2.xml"), text("host1.xml").replaceAll("host1", "host2"));
  assert.ok(remarks.some((remark) => /no host2\.xml: made from .*host1\.xml/.test(remark)));
});

test("a file that nobody can make is an error before anything is done", () => {
  cpSync(examples, path.join(dir, "three"), { recursive: true });
  rmSync(path.join(dir, "three/drbd.conf"));
  assert.throws(() => loadHowtoFiles(path.join(dir, "three")), {
    code: "HF7015",
    message: /drbd\.conf is missing/,
  });
});

test("what the cluster's tools say is understood", () => {
  assert.equal(placeIn("resource host2 is running on: xen1 \n"), "xen1");
  assert.equal(placeIn("resource host2 is NOT running\n"), undefined);
  const arrived = migrateSteps("host2", "xen2").at(-1)?.until;
  assert.equal(arrived?.holds("resource host2 is running on: xen2\n"), true);
  assert.equal(arrived?.holds("resource host2 is running on: xen1\n"), false);
  const stopped = targetRoleSteps("host2", "stopped").at(-1)?.until;
  assert.equal(stopped?.holds("resource host2 is NOT running\n"), true);
  const started = configure.steps.at(-1)?.until;
  const mon = "host1\t(ocf:heartbeat:Xen):\tStarted xen1\nhost2\t(ocf:heartbeat:Xen):\t";
  assert.equal(started?.holds(`${mon}Started xen2\n`), true);
  assert.equal(started?.holds(`${mon}Stopped\n`), false);
  const old = "host1 (heartbeat::ocf:Xen): Started xen1\nhost2 (heartbeat::ocf:Xen): Started xen1";
  assert.equal(started?.holds(old), true);
});

const timeline = `{"atMs":900,"node":"xen2","code":"peer-lost","fields":{}}
not a line of ours
{"atMs":3100.4,"node":"xen2","code":"peer-lost","fields":{"peer":"xen1"}}
{"atMs":3105,"node":"xen2","code":"not-fenced","fields":{"reason":"fencing is off"}}
{"atMs":3300,"node":"xen2","code":"promoted","fields":{}}
`;
const failover = {
  ...{ lost: "xen1", survivor: "xen2", guest: "host1" },
  ...{ cutAtMs: 1000, poweredOnAtMs: 3500, answersAtMs: 7250 },
};

test("the failover's times count from the power cut", () => {
  assert.deepEqual(failoverTimes(failover, parseTimeline(timeline)), {
    declared_dead_s: 2.1,
    promoted_s: 2.3,
    powered_on_s: 2.5,
    answers_s: 6.25,
  });
  assert.equal(failoverTimes(failover, []).declared_dead_s, null);
});

test("the timeline is told in sentences, what is not known with a dash", () => {
  let text = "";
  const screen = newScreen({ write: (more) => (text += more) }, true);
  screen.timeline(failoverMarks({ ...failover, answersAtMs: undefined }, parseTimeline(timeline)));
  assert.equal(
    stripVTControlCharacters(text),
    `   0.00 s  xen1 loses power
   2.10 s  xen2 declares xen1 dead
   2.10 s  xen1 is not fenced: fencing is off
   2.30 s  host1's disks are Primary on xen2
   2.50 s  host1 is powered on
      - s  host1 answers
`,
  );
});

test("resync figures are read from drbdsetup's JSON", () => {
  const status = (outOfSync: number, sent: number, peer: string, disk: string): string =>
    JSON.stringify([
      {
        name: "host1_root",
        devices: [{ "disk-state": "UpToDate" }],
        connections: [
          {
            peer_devices: [
              {
                "replication-state": peer,
                "peer-disk-state": disk,
                "out-of-sync": outOfSync,
                sent,
              },
            ],
          },
        ],
      },
    ]);
  const before = parseDiskFigures(status(512, 1000, "Off", "DUnknown"));
  const after = parseDiskFigures(status(0, 1600, "Established", "UpToDate"));
  assert.deepEqual([before[0]?.settled, after[0]?.settled], [false, true]);
  assert.deepEqual(resyncFigures(before, after), {
    host1_root: { kib_changed: 512, kib_sent: 600 },
  });
  assert.deepEqual(parseDiskFigures("drbdsetup: no\n"), []);
});

test("the report is a success only when everything is there and nothing is lost", () => {
  const good = newFindings();
  const verdict = { acknowledged: 10, present: 10, lost: 0, doubled: 0, boots: 1 };
  const phase = { phase: "x", acknowledged: 5, silenceMs: 1234, boots: ["a"] };
  good.verdicts = { host1: verdict, host2: verdict };
  good.outage = { host1: phase };
  good.migration = { guest: "host2", phase };
  good.failover = { declared_dead_s: 2, promoted_s: 2.1, powered_on_s: 2.2, answers_s: 6 };
  const report = demoReport([], good, ["host1", "host2"]);
  assert.deepEqual([report.ok, report.failures], [true, []]);
  assert.deepEqual(report.guests["host1"], { ...verdict, outage_s: 1.234 });
  assert.deepEqual(report.migration, { host2: { restarted: false, silence_s: 1.234 } });
  const cases: readonly (readonly [Partial<typeof good>, RegExp])[] = [
    [{ verdicts: { host1: verdict } }, /host2: no verdict/],
    [
      { verdicts: { host1: { ...verdict, lost: 1 }, host2: verdict } },
      /1 acknowledged records? are lost/,
    ],
    [
      { verdicts: { host1: { ...verdict, doubled: 2 }, host2: verdict } },
      /2 records are there twice/,
    ],
    [{ verdicts: { host1: { ...verdict, acknowledged: 0 }, host2: verdict } }, /nothing was/],
    [{ migration: { guest: "host2", phase: { ...phase, boots: ["a", "b"] } } }, /restarted/],
    [{ migration: { guest: "host2", phase: { ...phase, acknowledged: 0 } } }, /gave no word/],
    [{ migration: undefined }, /no guest was migrated/],
    [{ failover: { ...good.failover, promoted_s: null } }, /promoted_s is not known/],
  ];
  for (const [change, complaint] of cases) {
    const bad = demoReport([], { ...good, ...change }, ["host1", "host2"]);
    assert.equal(bad.ok, false);
    assert.match(bad.failures.join("\n"), complaint);
  }
  assert.deepEqual(demoReport([], good, ["host1"], "interrupted").failures, ["interrupted"]);
});

test("remarks are wrapped at 100 columns, and lose no word", () => {
  const text = `/etc/heartbeat/ha.cf:6:1: warning: ${"word ".repeat(40)}\n  Remedy ${"more ".repeat(30)}`;
  const lines = wrapped(text);
  assert.ok(lines.every((line) => line.length <= 100));
  assert.equal(lines.join(" ").split(/\s+/).length, text.trim().split(/\s+/).length);
});
