import {
  becomeInSync,
  bringUpInSync,
  fill,
  mend,
  promote,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "On a slow link a Primary of protocol A pulls ahead of its peer rather than wait for it, and when the burst is over the peer is synced with what it missed, once.",
  options: { net: { protocol: "A", onCongestion: "pull-ahead", congestionFillBytes: 100 * 1024 } },
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo, world } = stage;
    world.network.setLink(alpha.address, bravo.address, { delayMs: 100, jitterMs: 0 });
    promote(stage, alpha);
    fill(stage, alpha, 0, 200);
    stage.becomes(alpha, { conn: "Ahead" });
    stage.becomes(bravo, { conn: "Behind" });
    const began = stage.now;
    fill(stage, alpha, 100, 400);
    stage.check(stage.now - began < 5000, "writes do not wait for the link");
    stage.becomes(alpha, { conn: "SyncSource" });
    stage.becomes(bravo, { conn: "SyncTarget" });
    becomeInSync(stage);
    mend(stage);
  },
};
