import { prepareDisk } from "../../../sim/replication/pair.ts";
import type { SimNode } from "../../../sim/replication/sim-node.ts";
import {
  becomeInSync,
  bringUpInSync,
  demote,
  reconnect,
  writeApart,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";
import type { Stage } from "../../../sim/replication/stage/stage.ts";

export const scenario: Scenario = {
  asserts:
    "A node whose disk was put back to an older state is synced from its peer; where more generations lie between than the history holds, it is refused until it gets new metadata, and never is the newer copy overwritten.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    for (const generations of [1, 2]) {
      stage.do(bravo, { name: "disconnect" });
      bravo.crash();
      const older = bravo.disk.snapshot();
      bravo.start();
      becomeInSync(stage);
      for (let i = 0; i < generations; i++) {
        writeApart(stage, alpha, 10 * i, 10 * i + 4);
        reconnect(stage, alpha);
        becomeInSync(stage);
      }
      demote(stage, alpha);
      bravo.crash();
      stage.laws.rest();
      bravo.disk.restore(older);
      if (generations === 2) beRefused(stage);
      bravo.start();
      reconnect(stage, alpha);
      becomeInSync(stage);
      stage.check(stage.laws.differingBlocks().length === 0, "alpha's data are on both");
    }
  },
};

/** Its generation is in no history any more: the two copies are of unknown relation. */
function beRefused(stage: Stage): void {
  const { alpha, bravo } = stage;
  stage.record.expectErrors("sync-decision");
  bravo.start();
  const refuses = (node: SimNode): boolean =>
    stage.volume(node).conn === "StandAlone" &&
    /Unrelated data/.test(stage.record.lastNotice(node, "sync-decision"));
  stage.until("both refuse", () => refuses(alpha) && refuses(bravo));
  bravo.crash();
  prepareDisk(bravo.disk);
}
