import assert from "node:assert/strict";
import { test } from "node:test";
import { procProgress } from "./proc-drbd-progress.ts";

/** Specification section 16.1. */
const text = `version: 8.4.11 (api:1/proto:86-101)
srcversion: F73C670A7EC572DB9CF3E5B
 0: cs:SyncTarget ro:Secondary/Primary ds:Inconsistent/UpToDate C r-----
    ns:0 nr:11896 dw:11896 dr:0 al:8 bm:0 lo:1 pe:4 ua:0 ap:0 ep:1 wo:f oos:53600
\t[==>.................] sync'ed: 18.8% (53600/65496)K
\tfinish: 0:00:08 speed: 5,948 (5,948) want: 4,840 K/sec
 1: cs:Connected ro:Primary/Secondary ds:UpToDate/UpToDate C r-----
    ns:0 nr:0 dw:0 dr:0 al:8 bm:0 lo:0 pe:0 ua:0 ap:0 ep:1 wo:f oos:0

 4: cs:SyncSource ro:Primary/Secondary ds:UpToDate/Inconsistent C r-----
    ns:16244 nr:0 dw:0 dr:16244 al:8 bm:0 lo:4 pe:1 ua:4 ap:0 ep:1 wo:f oos:49624
\t[====>...............] sync'ed: 25.0% (12/5121)M
\tfinish: 0:00:12 speed: 1,003,968 (968) K/sec (stalled)
`;

test("the progress of each volume that has one is read, by its minor", () => {
  const found = procProgress(text);
  assert.deepEqual([...found.keys()], [0, 4]);
  assert.deepEqual(found.get(0), {
    leftKib: 53_600,
    totalKib: 65_496,
    rateKibPerS: 5948,
    averageKibPerS: 5948,
    wantedKibPerS: 4840,
    stalled: false,
  });
  assert.deepEqual(found.get(4), {
    leftKib: 12 * 1024,
    totalKib: 5121 * 1024,
    rateKibPerS: 1_003_968,
    averageKibPerS: 968,
    stalled: true,
  });
});

test("what is no /proc/drbd has no progress", () => {
  assert.equal(procProgress("").size, 0);
  assert.equal(procProgress("speed: 1 (1) K/sec").size, 0);
});
