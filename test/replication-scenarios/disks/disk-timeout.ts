import { bringUpInSync, crash, promote } from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "A disk of the Secondary that answers no more holds the Primary up for no longer than ko-count times timeout; then it goes on alone.",
  options: { net: { timeoutMs: 2000, koCount: 4 } },
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    stage.record.expectErrors("timeout", "peer-too-slow", "ko-count", "connection-lost");
    promote(stage, alpha);
    stage.write(alpha, 0);
    bravo.disk.faults.slowness = 1e6;
    const began = stage.now;
    stage.write(alpha, 1);
    stage.check(stage.now - began < 20_000, `held up for ${stage.now - began} ms`);
    stage.check(stage.volume(alpha).conn !== "Connected", "alpha is alone");
    bravo.disk.faults.slowness = 1;
    crash(stage, bravo);
    bravo.start();
  },
};
