import assert from "node:assert/strict";
import { test } from "node:test";
import { disk } from "../../../test/cluster/howto-snapshot.ts";
import { timeoutOf } from "./wait-command.ts";

const patience = { wfcTimeoutS: 1, degrWfcTimeoutS: 2, outdatedWfcTimeoutS: 3, waitAfterSb: false };
const generation = {
  current: "EC438782DEC95F31",
  bitmap: "0000000000000000",
  history: ["0000000000000000", "0000000000000000"],
  flags: {
    consistent: true,
    wasUpToDate: true,
    primary: false,
    connected: false,
    fullSync: false,
    peerOutDated: false,
    crashedPrimary: false,
  },
} as const;

test("usually a peer is waited for as wfc-timeout says", () => {
  assert.deepEqual(timeoutOf(disk("r0", { generation }), patience), {
    option: "wfc-timeout",
    seconds: 1,
  });
});

test("a node that crashed as Primary waits as degr-wfc-timeout says", () => {
  const crashed = { ...generation, flags: { ...generation.flags, crashedPrimary: true } };
  assert.equal(timeoutOf(disk("r0", { generation: crashed }), patience).seconds, 2);
});

test("a peer that is known as Outdated is waited for as outdated-wfc-timeout says", () => {
  const crashed = { ...generation, flags: { ...generation.flags, crashedPrimary: true } };
  const status = disk("r0", { peerDisk: "Outdated", generation: crashed });
  assert.equal(timeoutOf(status, patience).option, "outdated-wfc-timeout");
});
