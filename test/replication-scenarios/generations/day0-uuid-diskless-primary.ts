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
    "The same with a Primary that writes through the peer only: its replaced disk is synced from there.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    promote(stage, alpha);
    fill(stage, alpha, 0, 16);
    stage.do(alpha, { name: "detach", volume: 0 });
    fill(stage, alpha, 8, 24);
    stage.laws.rest();
    alpha.disk.restore(new Uint8Array(alpha.disk.sizeBytes));
    prepareDisk(alpha.disk);
    alpha.attach(0);
    stage.becomes(bravo, { conn: "SyncSource" });
    becomeInSync(stage);
  },
};
