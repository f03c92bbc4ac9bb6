import type { LineageWrite } from "../../../sim/replication/stage/lineage.ts";
import {
  bringUpInSync,
  powerCut,
  powerOn,
  promote,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "Protocol B: what was answered is in the memory of the peer, and a moment later on its disk, though the Primary is gone.",
  options: { net: { protocol: "B" } },
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    promote(stage, alpha);
    bravo.disk.faults.slowness = 40;
    const written: LineageWrite[] = [];
    for (let block = 0; block < 20; block++) written.push(stage.write(alpha, block));
    const behind = written.some((write) => !stage.lineage.has(bravo.disk, write));
    stage.check(behind, "the peer's disk is behind what was answered");
    powerCut(stage, alpha);
    stage.advance(3000);
    const lacking = written.filter((write) => !stage.lineage.has(bravo.disk, write));
    stage.check(lacking.length === 0, `${lacking.length} writes did not reach bravo's disk`);
    bravo.disk.faults.slowness = 1;
    powerOn(alpha);
  },
};
