/** Fencing on: the servers do not hear each other any more, both alive. One of them is switched off, never none or both. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { labCut, labHeal } from "../../../lab/lab.ts";
import { labStatus } from "../../../lab/lab-status.ts";
import type { LedgerSession } from "../../../lab/ledger/ledger-session.ts";
import { readLab } from "../../../lab/plan/lab-state.ts";
import { testLab } from "../lab/test-lab.ts";
import { powerSwitch } from "./cluster-files.ts";
import {
  addGuests,
  addResources,
  moreRecords,
  nothingLost,
  placeOf,
  prepareCluster,
  setOption,
  noCluster as skip,
  startLedger,
  untilIdle,
  untilPrints,
  webGuest,
} from "./cluster-lab.ts";

const lab = testLab();
let ledger: LedgerSession | undefined;

after(() => ledger?.abandon());

test("after a cut the guest runs once, and has every acknowledged record", { skip }, async () => {
  await prepareCluster(lab, [webGuest]);
  await addResources(lab, [powerSwitch]);
  await setOption(lab, "stonith-action", "off");
  // A busy machine may need more time to switch a host off than the second waits where nothing is configured.
  await setOption(lab, "priority-fencing-delay", "30s");
  await addGuests(lab, [webGuest]);
  await untilPrints(lab, "xen1", "crm_resource --resource web --locate", /is running on/);
  await untilIdle(lab);
  const priority = "--meta --set-parameter priority --parameter-value 1";
  await lab.sh("xen1", `crm_resource --resource web ${priority}`);
  await untilIdle(lab);
  ledger = startLedger(lab, [webGuest]);
  await moreRecords(ledger, "web", 10);
  const before = await placeOf(lab, "web");
  await labCut(lab.name, { host: "xen2", from: "xen1", direction: "both", management: false });
  const off = await untilOneIsOff();
  const survivor = off === "xen1" ? "xen2" : "xen1";
  await untilPrints(lab, survivor, "crm_resource --resource web --locate", /is running on/);
  assert.equal(await placeOf(lab, "web", survivor), survivor);
  assert.equal(survivor, before, "who ran the guest goes first, and its guest never stops");
  await moreRecords(ledger, "web", 10);
  await labHeal(lab.name);
  assert.equal(powerOf(survivor), "on");
  const { boots } = await nothingLost(ledger, "web");
  assert.equal(boots, 1);
});

function powerOf(host: string): string | undefined {
  return labStatus(readLab(lab.name)).hosts.find((each) => each.name === host)?.power;
}

async function untilOneIsOff(): Promise<string> {
  for (;;) {
    const off = ["xen1", "xen2"].find((host) => powerOf(host) === "off");
    if (off !== undefined) return off;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
