import assert from "node:assert/strict";
import { test } from "node:test";
import { combinations, yesAndNo } from "../../../../test/walk/combinations.ts";
import { Prng } from "../../../base/prng.ts";
import { instant } from "../../../base/time.ts";
import { Conn, Disk, Role } from "../../../formats/drbd/drbd-state.ts";
import { newResource, type Resource } from "../resource.ts";
import { runStep } from "../run-step.ts";
import { defaultDiskSettings, defaultNetSettings, type FencingPolicy } from "../settings.ts";
import { fenceRow, fenceRows, onFenceVerdict } from "./fence-verdict.ts";

const policies = ["dont-care", "resource-only", "resource-and-stonith"] as const;
const everyExitCode = Array.from({ length: 256 }, (_, code) => code);

test("each exit code has the specification's effect, by this node's own copy (13.3)", () => {
  for (const exitCode of everyExitCode) {
    for (const upToDate of yesAndNo) {
      const row = fenceRow(exitCode, upToDate);
      const { pdsk, disk } = row ?? {};
      const expected: Readonly<Record<number, readonly [Disk | undefined, Disk | undefined]>> = {
        3: [Disk.Inconsistent, undefined],
        4: [Disk.Outdated, undefined],
        5: [upToDate ? Disk.Outdated : undefined, undefined],
        6: [undefined, Disk.Outdated],
        7: [Disk.Outdated, undefined],
      };
      assert.deepEqual([pdsk, disk], expected[exitCode] ?? [undefined, undefined]);
      assert.equal(row === undefined, expected[exitCode] === undefined, `exit code ${exitCode}`);
    }
  }
});

test("each row has a label of its own", () => {
  assert.equal(new Set(fenceRows.map(({ label }) => label)).size, fenceRows.length);
});

test("I/O that waits for the verdict goes on when the peer is known to be behind, and else stays frozen", () => {
  for (const { fencing, exitCode, disk, back } of combinations({
    fencing: policies,
    exitCode: everyExitCode,
    disk: [Disk.Inconsistent, Disk.Outdated, Disk.Consistent, Disk.UpToDate],
    back: yesAndNo,
  })) {
    const r = alonePrimary(fencing, disk);
    // The peer has been there since the question was asked, and is gone again.
    if (back) r.link.session++;
    onFenceVerdict(r, { kind: "fence-verdict", request: 1, exitCode });
    while (r.steps.size > 0) {
      const step = r.steps.shift();
      if (step !== undefined) runStep(r, step);
    }
    const behind = exitCode === 3 || exitCode === 4 || exitCode === 7;
    const known = !back && (behind || (exitCode === 5 && disk === Disk.UpToDate));
    const text = `${fencing}, exit code ${exitCode}, disk ${disk}, back ${back}`;
    assert.equal(r.suspFen, fencing === "resource-and-stonith" && !known, text);
    const [v] = r.volumes;
    const pdsk = known ? (exitCode === 3 ? Disk.Inconsistent : Disk.Outdated) : Disk.DUnknown;
    assert.equal(v?.pdsk, pdsk, text);
    assert.equal(r.fencing, undefined, "the question is answered");
  }
});

test("the answer to another question changes nothing", () => {
  const r = alonePrimary("resource-and-stonith", Disk.UpToDate);
  onFenceVerdict(r, { kind: "fence-verdict", request: 2, exitCode: 7 });
  assert.equal(r.suspFen, true);
  assert.deepEqual(r.fencing, { request: 1, session: 0 });
});

/** It has lost the peer, and asked for it to be fenced. */
function alonePrimary(fencing: FencingPolicy, disk: Disk): Resource {
  const address = { address: "127.0.0.1", port: 7788 };
  const r = newResource(
    {
      name: "r0",
      nodeName: "one",
      peerName: "two",
      local: address,
      remote: address,
      net: defaultNetSettings,
      volumes: [{ volume: 0, minor: 0, disk: { ...defaultDiskSettings, fencing } }],
    },
    new Prng(1n),
    instant(0),
  );
  r.role = Role.Primary;
  r.link.conn = Conn.WFConnection;
  r.suspFen = fencing === "resource-and-stonith";
  for (const v of r.volumes) v.disk = disk;
  r.fencing = { request: 1, session: r.link.session };
  return r;
}
