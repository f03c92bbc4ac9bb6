import assert from "node:assert/strict";
import { test } from "node:test";
import { combinations, yesAndNo } from "../../../../test/walk/combinations.ts";
import { Prng } from "../../../base/prng.ts";
import { instant } from "../../../base/time.ts";
import { Conn, Disk } from "../../../formats/drbd/drbd-state.ts";
import { newResource, type Resource } from "../resource.ts";
import { defaultDiskSettings, defaultNetSettings } from "../settings.ts";
import type { Volume } from "../volume.ts";
import { onHandlerAnswer, sourceIsReady, targetIsReady } from "./before-resync.ts";

const everyExitCode = Array.from({ length: 256 }, (_, code) => code);

test("a handler forbids a resync by every exit code but 0, and 3 of before-resync-source (13.7)", () => {
  for (const { exitCode, asTarget } of combinations({
    exitCode: everyExitCode,
    asTarget: yesAndNo,
  })) {
    // As target 0 needs a disk: test/system/disk/handlers.test.ts.
    if (asTarget && exitCode === 0) continue;
    const { r, v } = ready(asTarget);
    onHandlerAnswer(r, { kind: "handler-answer", request: asked(r), exitCode });
    const forbidden = exitCode !== 0 && (asTarget || exitCode !== 3);
    const step = r.steps.peek();
    const text = `${asTarget ? "target" : "source"}, ${exitCode}`;
    assert.equal(step?.step === "drop-connection", forbidden, text);
    assert.equal(v.conn === Conn.SyncSource, !forbidden, text);
  }
});

test("nothing happens before the answer, and an answer about an older connection is none", () => {
  const { r, v } = ready(false);
  assert.equal(v.conn, Conn.WFBitMapS);
  const request = asked(r);
  r.link.session++;
  onHandlerAnswer(r, { kind: "handler-answer", request, exitCode: 0 });
  assert.equal(v.conn, Conn.WFBitMapS);
  assert.equal(r.steps.size, 0);
});

test("a shell that asks nobody is not asked", () => {
  const { r, v } = ready(false, false);
  assert.equal(v.conn, Conn.SyncSource);
  assert.ok(!r.effects.some(({ kind }) => kind === "ask-handler"));
});

/** Both bitmaps are known, and what is about to begin is asked about. */
function ready(
  asTarget: boolean,
  asksBeforeResync = true,
): { readonly r: Resource; readonly v: Volume } {
  const address = { address: "127.0.0.1", port: 7788 };
  const r = newResource(
    {
      ...{ name: "r0", nodeName: "one", peerName: "two", local: address, remote: address },
      net: defaultNetSettings,
      asksBeforeResync,
      volumes: [{ volume: 0, minor: 0, disk: defaultDiskSettings }],
    },
    new Prng(1n),
    instant(0),
  );
  const [v] = r.volumes;
  assert.ok(v);
  r.link.conn = Conn.WFReportParams;
  r.link.data = 2;
  v.conn = asTarget ? Conn.WFSyncUUID : Conn.WFBitMapS;
  v.disk = asTarget ? Disk.Outdated : Disk.UpToDate;
  v.pdsk = asTarget ? Disk.UpToDate : Disk.Consistent;
  if (asTarget) targetIsReady(r, v, 0x10n);
  else sourceIsReady(r, v);
  return { r, v };
}

function asked(r: Resource): number {
  for (const effect of r.effects) if (effect.kind === "ask-handler") return effect.request;
  assert.fail("a handler was asked");
}
