/**
 * An administrator's day with one guest on two servers, fencing off as in the how-to: it is started by hand, taken over,
 * moved, crashed; its daemon is restarted and killed. A client writes into the guest all the while.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { LedgerSession } from "../../../lab/ledger/ledger-session.ts";
import { testLab } from "../lab/test-lab.ts";
import {
  addGuests,
  hosts,
  moreRecords,
  nothingLost,
  placeOf,
  prepareCluster,
  setOption,
  noCluster as skip,
  startLedger,
  untilIdle,
  untilPrints,
  untilRuns,
  webGuest,
} from "./cluster-lab.ts";
import { freezeProcess } from "./frozen-process.ts";

const lab = testLab();
let ledger: LedgerSession | undefined;

after(() => ledger?.abandon());

test("a guest that a person started is taken over as it runs", { skip }, async () => {
  await prepareCluster(lab, [webGuest]);
  await setOption(lab, "stonith-enabled", "false");
  await lab.sh("xen1", "xm create /etc/xen/web.dom");
  ledger = startLedger(lab, [webGuest]);
  await moreRecords(ledger, "web", 5);
  await addGuests(lab, [webGuest]);
  await untilRuns(lab, "web", "xen1");
  await untilIdle(lab);
  assert.match(await lab.sh("xen1", "xm list"), /^web /m);
  assert.equal(await boots(), 1);
});

test("status says that two guests may run", { skip }, async () => {
  assert.match(await lab.sh("xen1", "holdfast status"), /two guests may run/);
});

test("a move takes it over live, and leaves nothing behind", { skip }, async () => {
  const moved = await lab.sh("xen1", "crm_resource --move --resource web --node xen2 2>&1");
  assert.match(moved, /web is to run on xen2 until that is done, at the latest until /);
  await untilRuns(lab, "web", "xen2");
  await untilPrints(lab, "xen1", "cibadmin --query --scope constraints", /<constraints\/>/);
  await untilIdle(lab);
  assert.match(await lab.sh("xen1", "holdfast timeline"), /The move of web by root is done/);
  await moreRecords(session(), "web", 5);
  assert.equal(await boots(), 1);
  assert.match(await lab.sh("xen1", "drbdadm role web_root"), /Secondary\/Primary/);
});

test("what was done is told on both hosts, whichever of them decided", { skip }, async () => {
  const kept = await Promise.all(
    hosts.map((host) => lab.sh(host, "holdfast why --transitions --json")),
  );
  const numbers = kept.flatMap((text) => JSON.parse(text) as { readonly number: number }[]);
  const last = numbers.at(-1)?.number;
  for (const host of hosts) {
    // The other one is told of it a moment later.
    const ask = `holdfast why --transition ${last}`;
    await untilPrints(lab, host, ask, new RegExp(`Transition ${last}\\b`));
  }
});

test("the daemon is restarted under the guest, which does not notice", { skip }, async () => {
  await lab.sh("xen2", "kill $(cat /run/holdfast/holdfastd.lock)");
  await untilPrints(lab, "xen2", "holdfastd --detach && echo serves", /serves/);
  await untilPrints(lab, "xen1", "crm_mon -1", /Online: \[ xen1 xen2 \]/);
  await untilRuns(lab, "web", "xen2");
  await moreRecords(session(), "web", 5);
  assert.equal(await boots(), 1);
});

test("a daemon that is killed is no dead node, since its disks answer", { skip }, async () => {
  await lab.sh("xen2", "kill -9 $(cat /run/holdfast/holdfastd.lock)");
  await untilPrints(lab, "xen1", "holdfast timeline --json", /"code":"HF6101"/);
  await moreRecords(session(), "web", 5);
  assert.notEqual(await placeOf(lab, "web"), "xen1");
  await lab.sh("xen2", "holdfastd --detach");
  await untilPrints(lab, "xen1", "crm_mon -1", /Online: \[ xen1 xen2 \]/);
  await untilRuns(lab, "web", "xen2");
  await untilIdle(lab);
  assert.equal(await boots(), 1);
});

test("a guest whose process dies is started again", { skip }, async () => {
  await lab.sh("xen2", "kill -9 $(cat /run/holdfast/guests/web.pid)");
  await untilPrints(
    lab,
    "xen1",
    "crm_resource --resource web --query-failures || crm_mon -1 -f",
    /web/,
  );
  await moreRecords(session(), "web", 5);
  assert.equal(await boots(), 2);
});

test("standby empties a node, and its end brings it back", { skip }, async () => {
  const place = (await placeOf(lab, "web")) ?? "";
  const other = place === "xen1" ? "xen2" : "xen1";
  await lab.sh("xen1", "crm_resource --cleanup --resource web");
  await untilIdle(lab);
  await lab.sh("xen1", `crm_standby --node ${place} --update on`);
  await untilRuns(lab, "web", other);
  await lab.sh("xen1", `crm_standby --node ${place} --delete`);
  await untilIdle(lab);
  await moreRecords(session(), "web", 5);
  assert.equal(await boots(), 2, "it moved while it ran");
  const verdict = await nothingLost(session(), "web");
  assert.ok(verdict.acknowledged > 30);
});

test("a guest that does not end when it is killed is cut off from its disks, and runs on the other host", {
  skip,
}, async (t) => {
  const place = (await placeOf(lab, "web")) ?? "";
  const pid = "/run/holdfast/guests/web.pid";
  // A third of it for asking in vain, and the rest for killing it and taking its disks away.
  const short = '<op id="web-stop" timeout="12s"/>';
  const stay = '<nvpair id="web-migrate" value="false"/>';
  for (const xml of [short, stay]) await lab.sh("xen1", `cibadmin --modify --xml-text '${xml}'`);
  const frozen = await freezeProcess(lab, place, pid);
  if (frozen === undefined) {
    t.skip("this machine has no freezer, which keeps killed processes from ending");
    return;
  }
  try {
    const other = place === "xen1" ? "xen2" : "xen1";
    await lab.sh("xen1", `crm_resource --ban --resource web --node ${place}`);
    await untilPrints(lab, "xen1", "holdfast timeline --json", /"code":"HF4417"/);
    assert.match(await lab.sh(place, `ps -o stat= -p $(cat ${pid})`), /^D/, "it is still there");
    await untilRuns(lab, "web", other);
    assert.match(await lab.sh(place, "drbdadm role web_root"), /^Secondary\/Primary/m);
  } finally {
    frozen.thaw();
  }
  await lab.sh("xen1", "crm_resource --clear --resource web");
});

test("stopped by target-role, it stays stopped, its disks Secondary", { skip }, async () => {
  const role = "crm_resource --resource web --set-parameter target-role --meta --parameter-value";
  await lab.sh("xen1", `${role} Stopped`);
  await untilPrints(lab, "xen1", "crm_resource --resource web --locate", /is NOT running/);
  await untilIdle(lab);
  assert.match(await lab.sh("xen1", "drbdadm role web_root"), /Secondary\/Secondary/);
});

function session(): LedgerSession {
  assert.ok(ledger !== undefined, "the first test has made it");
  return ledger;
}

/** Boots of the guest that the client has seen. */
async function boots(): Promise<number> {
  return session().news.filter(({ news }) => news.kind === "booted").length;
}
