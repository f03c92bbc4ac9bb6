import assert from "node:assert/strict";
import net from "node:net";
import { test } from "node:test";
import { withServed } from "../../../test/disk/served-fixture.ts";
import { DiskVolumes } from "./disk-volumes.ts";

test("promotion, status and demotion over the control socket, with DRBD's numbers for refusals", async () => {
  await withServed(async ({ ask }) => {
    const volumes = new DiskVolumes();
    await ask("attach", { volume: 0 });
    assert.deepEqual(await volumes.promote("r0"), { ok: true, value: undefined });
    assert.deepEqual(await volumes.status("r0"), {
      ok: true,
      value: {
        role: "Primary",
        disk: "UpToDate",
        peerRole: "Unknown",
        peerDisk: "DUnknown",
        connection: "StandAlone",
        sizeBytes: 64 * 1024 * 1024,
      },
    });
    const { socketPath, exportName } = volumes.nbdExport("r0", { standby: false });
    assert.equal(exportName, "0");
    assert.equal(volumes.nbdExport("r0", { standby: true }).exportName, "standby-0");
    const client = net.connect(socketPath);
    await new Promise((resolve) => client.once("data", resolve));
    client.destroy();
    assert.deepEqual(await volumes.demote("r0"), { ok: true, value: undefined });
    assert.deepEqual(await volumes.demote("r0"), { ok: true, value: undefined });
  });
});

test("a resource that is not up is a refusal without a number", async () => {
  await withServed(async () => {
    const answer = await new DiskVolumes().promote("nosuch");
    assert.ok(!answer.ok);
    assert.equal(answer.code, 0);
    assert.match(answer.message, /the disk server of nosuch does not answer/);
  });
});
