import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import type { DemoReport } from "../../../lab/demo/demo-report.ts";
import { labDown } from "../../../lab/lab.ts";
import { noLab } from "../lab/test-lab.ts";
import { DemoRun, leftOf, networksOf } from "./demo-run.ts";

const published = path.resolve(import.meta.dirname, "../../../../shared/seed");
const hasPublished = existsSync(published);
const name = `t${process.pid}-demo`;
const directory = mkdtempSync(path.join(tmpdir(), "holdfast-demo-test-"));

after(async () => {
  rmSync(directory, { recursive: true });
  if (noLab === false) await labDown(name);
});

test("the demo's whole story ends well, and nothing of it is left", { skip: noLab }, async (t) => {
  if (!hasPublished) t.diagnostic("the published files are not at ../shared/seed: examples/howto");
  const json = path.join(directory, "report.json");
  const files = hasPublished ? ["--files", published] : [];
  const demo = new DemoRun(name, [...files, "--json", json, "--exit"]);
  await demo.says(/drbdadm create-md/);
  const networks = await networksOf(name);
  assert.equal(networks.length, 3);
  const code = await demo.ended;
  assert.equal(code, 0, demo.output);
  assert.deepEqual(await leftOf(name, networks), []);
  const report = JSON.parse(readFileSync(json, "utf8")) as DemoReport;
  assert.deepEqual([report.ok, report.failures], [true, []]);
  assertSteps(report);
  assertGuests(report);
  assertFailover(report);
  if (hasPublished) assertWarnings(demo.output);
});

test("a demo that is interrupted says so, fails, and leaves nothing", { skip: noLab }, async () => {
  const json = path.join(directory, "interrupted.json");
  const demo = new DemoRun(name, ["--json", json, "--exit"]);
  await demo.says(/mkfs\.ext3 -q \/dev\/drbd0/);
  const networks = await networksOf(name);
  demo.terminate();
  assert.equal(await demo.ended, 130, demo.output);
  assert.deepEqual(await leftOf(name, networks), []);
  const report = JSON.parse(readFileSync(json, "utf8")) as DemoReport;
  assert.equal(report.ok, false);
  assert.match(report.failures.join(), /interrupted/);
});

test("a directory without the how-to's files is refused before anything is made", {
  skip: noLab,
}, async () => {
  const demo = new DemoRun(name, ["--files", directory, "--exit"]);
  assert.equal(await demo.ended, 1);
  assert.match(demo.output, /ha\.cf is missing \(HF7015\)/);
  assert.deepEqual(await leftOf(name, []), []);
});

function assertSteps({ steps }: DemoReport): void {
  const typed = steps.map(({ command }) => command).join("\n");
  for (const pattern of [
    /^drbdadm -- --overwrite-data-of-peer primary host1_root$/m,
    /^xm create \/etc\/xen\/host2\.dom$/m,
    /^cibadmin -C -o resources -x host1\.xml$/m,
    /^crm_resource --migrate --resource host2 --host-uname xen[12]$/m,
    /^crm_resource --resource host2 --set-parameter target_role --property-value stopped$/m,
  ])
    assert.match(typed, pattern);
  for (const step of steps) assert.equal(step.exit, 0, step.command);
}

function assertGuests({ guests, migration }: DemoReport): void {
  for (const guest of ["host1", "host2"]) {
    const verdict = guests[guest];
    assert.ok(verdict !== undefined && verdict.acknowledged > 0, guest);
    // One more may be there than we know of: acknowledged when nobody could hear it any more.
    assert.ok(verdict.present >= verdict.acknowledged, JSON.stringify(verdict));
    assert.deepEqual([verdict.lost, verdict.doubled], [0, 0]);
    // host1's host died, host2 was stopped and started: each booted twice, and no more.
    assert.equal(verdict.boots, 2, guest);
  }
  assert.equal(migration["host2"]?.restarted, false);
}

function assertFailover({ failover, resync }: DemoReport): void {
  const { declared_dead_s, promoted_s, powered_on_s, answers_s } = failover;
  const order = [0, declared_dead_s, promoted_s, powered_on_s, answers_s];
  assert.ok(order.every((value) => typeof value === "number"));
  assert.deepEqual(
    order,
    [...order].sort((a, b) => Number(a) - Number(b)),
  );
  assert.deepEqual(Object.keys(resync).sort(), [
    ...["host1_root", "host1_swap", "host2_root", "host2_swap"],
  ]);
  // Far less than the 10 GiB of the volume: what was written, and what the lost host's activity log names.
  for (const { kib_sent } of Object.values(resync)) assert.ok(kib_sent < 1024 * 1024);
}

function assertWarnings(output: string): void {
  const text = output.replaceAll(/\s+/g, " ");
  assert.match(text, /ha\.cf:6:1: `nodes xen-1 xen-2` names no nodes: the directive is `node`/);
  assert.match(text, /Write into \/etc\/heartbeat\/ha\.cf: node xen1 xen2/);
  assert.match(text, /authkeys:2:8.*published example/);
  assert.match(text, /warning: \S+ has no host2\.xml: made from/);
}
