/** Fencing on: a server loses its power, is fenced, its guests go on elsewhere; it comes back and catches up. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { labBoot, labKill } from "../../../lab/lab.ts";
import type { LedgerSession } from "../../../lab/ledger/ledger-session.ts";
import { testLab } from "../lab/test-lab.ts";
import { powerSwitch } from "./cluster-files.ts";
import {
  addGuests,
  addResources,
  inSync,
  moreRecords,
  nothingLost,
  placeOf,
  prepareCluster,
  noCluster as skip,
  startLedger,
  untilIdle,
  untilPrints,
  untilRuns,
  webGuest,
} from "./cluster-lab.ts";

const lab = testLab();
let ledger: LedgerSession | undefined;

after(() => ledger?.abandon());

test("without a fence device nothing is started, and it is said why", { skip }, async () => {
  await prepareCluster(lab, [webGuest]);
  await addGuests(lab, [webGuest]);
  await untilIdle(lab);
  assert.equal(await placeOf(lab, "web"), undefined);
  assert.match(await lab.sh("xen1", "holdfast why"), /there is no fence device/);
});

test("with one, the guest runs", { skip }, async () => {
  await addResources(lab, [powerSwitch]);
  await untilPrints(lab, "xen1", "crm_resource --resource web --locate", /is running on/);
  ledger = startLedger(lab, [webGuest]);
  await moreRecords(ledger, "web", 10);
});

test("before it happens one can ask what would, with the disks as they are", { skip }, async () => {
  const lost = (await placeOf(lab, "web")) ?? "";
  const survivor = lost === "xen1" ? "xen2" : "xen1";
  const dc =
    /^Designated Controller is: (\S+)/m.exec(await lab.sh("xen1", "crmadmin -D"))?.[1] ?? "";
  const told = await lab.sh(dc, `holdfast simulate --node-fail ${lost}`);
  assert.match(told, new RegExp(`^ {2}${lost}: fence \\(reboot\\), since `, "m"));
  assert.match(told, new RegExp(`s {2}start web on ${survivor}, \\d+\\.\\d s$`, "m"));
  const without = `holdfast simulate --node-fail ${lost} --disk-not-ready web@${survivor}`;
  assert.match(await lab.sh(dc, without), /These stay down:\n {2}web: no node can take it/);
});

test("a power cut: fenced, promoted, powered on, and nothing is lost", { skip }, async () => {
  assert.ok(ledger !== undefined);
  const lost = (await placeOf(lab, "web")) ?? "";
  const survivor = lost === "xen1" ? "xen2" : "xen1";
  await labKill(lab.name, lost);
  await untilRuns(lab, "web", survivor, survivor);
  const codes = (await lab.sh(survivor, "holdfast timeline --json"))
    .trim()
    .split("\n")
    .map((line) => (JSON.parse(line) as { readonly code: string }).code);
  const story = ["peer-lost", "fenced", "promoted", "guest-powered-on"];
  const places = story.map((code) => codes.lastIndexOf(code));
  assert.ok(!places.includes(-1), `${story.join(", ")} among ${codes.join(", ")}`);
  assert.deepEqual(
    places,
    places.toSorted((a, b) => a - b),
    "in that order",
  );
  await moreRecords(ledger, "web", 5);
  const { number, told } = await transitionThat(survivor, `fence ${lost}: done`);
  assert.match(told, new RegExp(`^ {2}start web on ${survivor}: done in `, "m"));
  const replay = await lab.sh(survivor, `holdfast simulate --transition ${number}`);
  assert.match(replay, /^These are the actions of that transition\.$/m);
  // The fence device has switched it on again after the order.
  await labBoot(lab.name, lost);
  await untilPrints(lab, survivor, "crm_mon -1", /Online: \[ xen1 xen2 \]/);
  await untilPrints(lab, survivor, "drbdadm dstate all", inSync(1));
  const verdict = await nothingLost(ledger, "web");
  assert.equal(verdict.boots, 2);
});

/** The newest that a host keeps in which that was done. */
async function transitionThat(
  host: string,
  done: string,
): Promise<{ readonly number: string; readonly told: string }> {
  const kept = await lab.sh(host, "holdfast why --transitions");
  const numbers = [...kept.matchAll(/^\d+/gm)].map(([number]) => number).reverse();
  for (const number of numbers) {
    const told = await lab.sh(host, `holdfast why --transition ${number}`);
    if (told.includes(done)) return { number, told };
  }
  throw new Error(`in none of these: ${done}\n${kept}`);
}
