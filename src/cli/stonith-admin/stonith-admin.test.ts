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
  assert.equal((await run(stonithAdmin, "--list-registered")).out, "pdu\n1 fence device found\n");
  assert.equal((await run(stonithAdmin, "--list-registered", "-q")).out, "pdu\n");
  const { exit, err } = await run(stonithAdmin);
  assert.equal(exit, 64);
  assert.match(err, /nothing is asked or ordered/);
});

test("the devices for one node are listed as the daemon names them", async (t) => {
  const { run, asked } = await served(t);
  assert.equal((await run(stonithAdmin, "-l", "xen1")).out, "pdu\nipmi1\n2 fence devices found\n");
  assert.deepEqual(asked.at(-1), { method: "fence-devices", params: { node: "xen1" } });
  assert.deepEqual(JSON.parse((await run(stonithAdmin, "-l", "xen2", "--json")).out), ["pdu"]);
});

test("when a node was fenced last is told, or that it never was", async (t) => {
  const { run } = await served(t);
  assert.match(
    (await run(stonithAdmin, "--last", "xen2")).out,
    /^Node xen2 last fenced at: \S+ \S+ +\d+ [\d:]+ \d+\n$/,
  );
  assert.equal((await run(stonithAdmin, "-h", "xen1")).out, "Node xen1 has never been fenced\n");
});

test("what was done within the tolerance is not done again", async (t) => {
  const { run, asked } = await served(t);
  const again = await run(stonithAdmin, "-B", "xen2", "--tolerance", "60s");
  assert.match(again.out, /^reboot of xen2 was done/);
  assert.ok(asked.every(({ method }) => method !== "fence"));
  // Another action, and one that is longer ago.
  assert.equal((await run(stonithAdmin, "-F", "xen2", "--tolerance", "60s")).out, "off done\n");
  assert.equal((await run(stonithAdmin, "-B", "xen1", "--tolerance", "60s")).exit, 1);
  assert.equal((await run(stonithAdmin, "-B", "xen2", "--tolerance", "soon")).exit, 64);
});

test("a device is asked by its agent: it answers, or its agent says why not", async (t) => {
  const { run, asked } = await served(t);
  assert.equal((await run(stonithAdmin, "--query", "pdu")).out, "pdu answers\n");
  assert.equal(asked.at(-1)?.method, "run-agent");
  const silent = await run(stonithAdmin, "-Q", "other");
  assert.equal(silent.exit, 1);
  assert.match(silent.err, /other: no route to host/);
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
    "run-agent": ({ resource }) => {
      const agent = { class: "stonith", provider: "", type: "fence_pdu" };
      const answers = resource === "pdu";
      const reason = answers ? "" : "no route to host";
      return { agent, rc: answers ? 0 : 1, reason, notRun: false, stdout: "", stderr: "" };
    },
    "fence-devices": ({ node }) => ({ devices: node === "xen1" ? ["pdu", "ipmi1"] : ["pdu"] }),
    fence: ({ node, action }) => {
      if (node === "xen2") return { message: `${action} done` };
      throw new UserError("HF6104", "pdu: no answer", { exit: 1 });
    },
  }));
}
