import { Load } from "../../../sim/replication/stage/load.ts";
import { becomeInSync, bringUpInSync, promote } from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "The Secondary's disk fails, then the Primary's: the guest sees no error either time, and new disks are brought up to date.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    stage.record.expectErrors("disk-failed", "disk-error");
    promote(stage, alpha);
    for (const node of [bravo, alpha]) {
      const load = new Load(stage, alpha, { from: 0, blocks: 40, everyMs: 5 });
      node.disk.faults.writeFails = 1;
      stage.becomes(node, { disk: "Diskless" });
      stage.becomes(stage.other(node), { peerDisk: "Diskless" });
      stage.advance(200);
      node.disk.faults.writeFails = 0;
      node.attach(0);
      becomeInSync(stage);
      load.stop();
    }
    stage.check(stage.record.handlers(alpha, "local-io-error") === 0, "detach calls no handler");
  },
};
