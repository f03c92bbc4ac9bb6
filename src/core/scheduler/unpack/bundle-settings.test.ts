import assert from "node:assert/strict";
import { test } from "node:test";
import { cibOf, nowS } from "../../../../test/scheduler/small-cluster.ts";
import { readCluster } from "../plan.ts";

const primitive = `<primitive id="p" class="ocf" provider="pacemaker" type="Dummy"/>`;
const byAddress = `ip-range-start="10.0.0.1" control-port="3121"`;
const byPort = `control-port="3121"`;

type Row = readonly [perHost: string, network: string, inside: string, found: [number, boolean]];

/** Replicas a host in the end, and whether they are told apart. */
const rows: readonly Row[] = [
  ["1", byAddress, primitive, [1, false]],
  ["2", byAddress, primitive, [2, true]],
  ["2", byPort, primitive, [1, true]],
  ["2", byPort, "", [2, true]],
  ["0", byPort, "", [1, false]],
];

for (const [perHost, network, inside, found] of rows) {
  const what = inside === "" ? "nothing" : "a primitive";
  test(`replicas-per-host=${perHost} with ${network} and ${what} inside`, () => {
    const bundle = `<bundle id="b"><docker image="i" replicas="2" replicas-per-host="${perHost}"/>
      <network ${network}/>${inside}</bundle>`;
    const cib = cibOf({ resources: bundle, probed: false });
    const [read] = readCluster({ cib, now: nowS, sanitized: false }).resources;
    assert.deepEqual([read?.bundle?.replicasPerHost, read?.unique], found);
  });
}
