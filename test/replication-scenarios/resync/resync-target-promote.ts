import {
  bringUpInSync,
  crash,
  demote,
  fill,
  promote,
  reconnect,
  writeApart,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "The target of a resync becomes Primary and Secondary while it runs, and both nodes are restarted: what is marked stays marked until it is synced.",
  options: { disk: { resyncRateKiBs: 2048 } },
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    writeApart(stage, alpha, 0, 1500);
    demote(stage, alpha);
    reconnect(stage, alpha);
    stage.becomes(bravo, { conn: "SyncTarget" });
    promote(stage, bravo);
    fill(stage, bravo, 1000, 1010);
    demote(stage, bravo);
    for (const node of [alpha, bravo]) crash(stage, node);
    stage.check(stage.laws.differingBlocks().length > 0, "it was in the middle");
    for (const node of [alpha, bravo]) node.start();
  },
};
