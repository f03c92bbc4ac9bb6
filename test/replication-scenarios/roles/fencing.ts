import { Load } from "../../../sim/replication/stage/load.ts";
import {
  becomeInSync,
  bringUpInSync,
  cut,
  mend,
  promote,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "With resource-and-stonith a Primary that loses its peer is frozen until fence-peer has answered; then it goes on alone, and unfence-peer is called after the resync.",
  options: { disk: { fencing: "resource-and-stonith" }, fencePeer: () => 4 },
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    promote(stage, alpha);
    const load = new Load(stage, alpha, { from: 0, blocks: 64, everyMs: 5 });
    stage.advance(200);
    cut(stage);
    stage.until("fence-peer is called", () => stage.record.handlers(alpha, "fence-peer") === 1);
    const ackedBefore = load.acked;
    stage.check(stage.status(alpha).suspendedFencing, "alpha is frozen");
    stage.until("alpha goes on alone", () => load.acked > ackedBefore + 5);
    stage.becomes(alpha, { peerDisk: "Outdated" });
    stage.check(stage.record.handlers(bravo, "fence-peer") === 0, "a Secondary fences nobody");
    mend(stage);
    becomeInSync(stage);
    load.stop();
    stage.until("unfence-peer", () => stage.record.handlers(alpha, "unfence-peer") === 1);
  },
};
