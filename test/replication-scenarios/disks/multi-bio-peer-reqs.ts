import { bringUpInSync, promote } from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "One request of the guest that becomes many packets and many disk writes is answered when the last of them is done, on both sides.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    promote(stage, alpha);
    bravo.disk.faults.slowness = 50;
    const write = stage.write(alpha, 5, 1900);
    stage.check(stage.lineage.has(bravo.disk, write), "all of it is on bravo when it is answered");
    bravo.disk.faults.slowness = 1;
  },
};
