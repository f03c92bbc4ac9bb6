import type { LineageWrite } from "../../../sim/replication/stage/lineage.ts";
import { bringUpInSync, crash, promote } from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "Protocol A: the peer may lack the last writes, but never one without those after it; nothing is torn out of the middle.",
  options: { net: { protocol: "A" } },
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo, world } = stage;
    world.network.setLink(alpha.address, bravo.address, { delayMs: 15, jitterMs: 10 });
    promote(stage, alpha);
    const written: LineageWrite[] = [];
    for (let block = 0; block < 60; block++) {
      written.push(stage.write(alpha, block));
      stage.advance(block % 7);
    }
    crash(stage, alpha);
    stage.advance(2000);
    const has = written.map((write) => stage.lineage.has(bravo.disk, write));
    const first = has.indexOf(false);
    stage.check(first === -1 || !has.includes(true, first), "a beginning without gaps");
    stage.lineage.forgetUnstable();
    alpha.start();
  },
};
