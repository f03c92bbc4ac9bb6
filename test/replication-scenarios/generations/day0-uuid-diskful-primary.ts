import { prepareDisk } from "../../../sim/replication/pair.ts";
import {
  becomeInSync,
  bringUpInSync,
  fill,
  promote,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "A node whose disk is replaced by a new one, with new metadata, is synced in full; the old copy is never overwritten by the empty one.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    promote(stage, alpha);
    fill(stage, alpha, 0, 32);
    bravo.crash();
    stage.laws.rest();
    bravo.disk.restore(new Uint8Array(bravo.disk.sizeBytes));
    prepareDisk(bravo.disk);
    bravo.start();
    stage.becomes(bravo, { conn: "SyncTarget" });
    becomeInSync(stage);
    stage.check(stage.laws.differingBlocks().length === 0, "both are equal");
  },
};
