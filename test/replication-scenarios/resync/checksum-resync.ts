import {
  becomeInSync,
  bringUpInSync,
  cut,
  fill,
  mend,
  promote,
  reconnect,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "With csums-alg only blocks that really differ are sent; it goes on after the cable was out in the middle.",
  options: { net: { csumsAlg: "md5" }, disk: { resyncRateKiBs: 2048 } },
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    promote(stage, alpha);
    fill(stage, alpha, 0, 400);
    stage.do(alpha, { name: "disconnect" });
    // Marked, and the same as before: what a database does that rewrites its pages.
    for (let block = 0; block < 400; block++) stage.rewrite(alpha, block);
    fill(stage, alpha, 100, 110);
    reconnect(stage, alpha);
    stage.becomes(bravo, { conn: "SyncTarget" });
    stage.advance(200);
    cut(stage);
    mend(stage);
    becomeInSync(stage);
    const sent = stage.record.sent(alpha, "P_RS_DATA_REPLY");
    stage.check(sent >= 1 && sent <= 10, `${sent} packets for ten blocks that differ`);
    stage.check(stage.record.sent(alpha, "P_RS_IS_IN_SYNC") > 0, "the others are in sync");
  },
};
