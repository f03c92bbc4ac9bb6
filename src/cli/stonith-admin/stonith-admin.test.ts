import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { howtoSnapshot, live, takenAtMs } from "../../../test/cluster/howto-snapshot.ts";
import { type ServedCluster, servedCluster } from "../../../test/cluster/served-cluster.ts";
import type { FencingRow } from "../../api/cluster-live.ts";
import { UserError } from "../../api/user-error.ts";
import { stonithAdmin } from "./stonith-admin.ts";

test("a node is switched off, on, or off and on, in the name of the person who asks", async (t) => {
  const { run, asked } = await served(t);
  for (const [option, action] of [
    ["--fence", "off"],
    ["--unfence", "on"],
    ["-B", "reboot"],
  ] as const) {
    const { exit, out } = await run(stonithAdmin, option, "xen2");
    assert.deepEqual([exit, out], [0, `${action} done\n`]);
    const by = { client: "stonith_admin", user: "anna" };
    assert.deepEqual(asked.at(-1), { method: "fence", params: { node: "xen2", action, by } });
  }
});

test("a device that fails fails the command, with what the device said", async (t) => {
  const { run } = await served(t);
  const { exit, err } = await run(stonithAdmin, "--fence", "xen1");
  assert.equal(exit, 1);
  assert.match(err, /^stonith_admin: pdu: no answer \[HF6104\]\n/);
});

test("the history tells of one node, or of all, and of none in words", async (t) => {
  const { run } = await served(t);
  const one = await run(stonithAdmin, "--history", "xen2");
  assert.match(one.out, /^\S.* {2}reboot of xen2 by pdu, asked by cluster: done\n$/);
  assert.equal((await run(stonithAdmin, "-H", "*", "-q")).out, `${takenAtMs / 1000}\n`);
  assert.equal((await run(stonithAdmin, "-H", "xen1")).out, "Nothing was fenced.\n");
  assert.deepEqual(JSON.parse((await run(stonithAdmin, "-H", "*", "--json")).out), [rebooted]);
});

test("the devices are listed; without an order it says what could be asked", async (t) => {
  const { run } = await served(t);
  assert.equal((await run(stonithAdmin, "--list-registered")).out, "pdu\n");
  const { exit, err } = await run(stonithAdmin);
  assert.equal(exit, 64);
  assert.match(err, /nothing is asked or ordered/);
});

const rebooted: FencingRow = {
  target: "xen2",
  action: "reboot",
  origin: "cluster",
  state: "done",
  device: "pdu",
  beganMs: takenAtMs - 3000,
  endedMs: takenAtMs,
  why: "",
};

function served(t: TestContext): Promise<ServedCluster> {
  const fencing = { enabled: true, devices: ["pdu"], history: [rebooted], evidence: [] };
  return servedCluster(t, () => ({
    status: () => howtoSnapshot({ live: live({ fencing }) }),
    fence: ({ node, action }) => {
      if (node === "xen2") return { message: `${action} done` };
      throw new UserError("HF6104", "pdu: no answer", { exit: 1 });
    },
  }));
}
