/** What the nodes of a cluster keep of its transitions, and what can be asked of it later. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { startedHowto } from "../cluster/howto-cib.ts";
import { MemoryCluster } from "../cluster/memory-cluster.ts";
import type { MemoryHost } from "../cluster/memory-host.ts";
import { whyNoOracle } from "./cib-oracle.ts";

const holdfast = path.resolve(import.meta.dirname, "../../bin/holdfast");
const directory = mkdtempSync(path.join(tmpdir(), "holdfast-kept-"));
after(() => rmSync(directory, { recursive: true }));

/** Of the DC that was lost, and of the one that took over. */
const numbers: { old: readonly number[]; young: readonly number[] } = { old: [], young: [] };

before(() => {
  const cluster = new MemoryCluster(["xen1", "xen2"]);
  startedHowto(cluster, "host1", "host2");
  const lost = cluster.untilDc();
  lost.powerOff();
  const survivor = cluster.hosts.find((host) => host.isRunning) as MemoryHost;
  const runsAll = (): boolean =>
    ["host1", "host2"].every((guest) => cluster.where(guest) === survivor.name);
  cluster.until(runsAll, "the guests run on the survivor");
  cluster.settle(survivor.name);
  // Files take their time, too.
  cluster.run(1000);
  numbers.old = keptBy(lost);
  numbers.young = keptBy(survivor);
  mkdirSync(path.join(directory, "transitions"));
  for (const [file, text] of survivor.files) {
    if (file.startsWith("transitions/")) writeFileSync(path.join(directory, file), text);
  }
});

test("the numbers go on when another node becomes the DC", () => {
  assert.ok(numbers.old.length > 0 && numbers.young.length > 0);
  assert.ok(Math.min(...numbers.young) > Math.max(...numbers.old), JSON.stringify(numbers));
});

test("what was done in a transition is told with its reasons and its end", () => {
  const told = run(holdfast, "why", "--transition", String(numbers.young[0]));
  assert.match(told, /^Transition \d+, decided by xen\d on .*, because /);
  assert.match(told, /^ {2}host\d: start on xen\d$/m);
  assert.match(told, /^ {4}why xen\d: no other node can take it$/m);
  assert.match(told, /^It was done after \d+\.\d s, \d+ of \d+ actions done:$/m);
  assert.match(told, /^ {2}start host\d on xen\d: done/m);
  assert.match(run(holdfast, "why", "--transitions"), / {2}done, because /);
});

test("a kept input, decided about again, gives the same actions", () => {
  for (const number of numbers.young) {
    const told = run(holdfast, "simulate", "--transition", String(number));
    assert.match(told, /^These are the actions of that transition\.$/m);
  }
});

test("Debian's crm_simulate reads a kept input, and wants the same", {
  skip: whyNoOracle("crm_simulate") ?? false,
}, () => {
  const file = path.join(directory, `transitions/input-${numbers.young[0]}.xml`);
  const told = run("crm_simulate", "-S", "-x", file);
  assert.match(told, /^Using the original execution date of: /m);
  assert.match(told, /\* Resource action: host\d +start on xen\d/);
});

test("what is not kept is refused with what is", () => {
  const asked = spawnSync(holdfast, ["why", "--transition", "999"], { encoding: "utf8", env });
  assert.equal(asked.status, 105);
  assert.match(asked.stderr, /Transition 999 is not kept on this node: those from \d+ to \d+ are/);
});

const env = { ...process.env, HOLDFAST_STATE_DIR: directory, LC_ALL: "C", TZ: "UTC" };

function keptBy({ files }: MemoryHost): readonly number[] {
  return [...files.keys()]
    .flatMap((file) => /^transitions\/input-(\d+)\.xml$/.exec(file)?.[1] ?? [])
    .map(Number);
}

function run(command: string, ...words: readonly string[]): string {
  const ran = spawnSync(command, words, { encoding: "utf8", env });
  assert.equal(ran.status, 0, ran.stderr);
  return ran.stdout;
}
