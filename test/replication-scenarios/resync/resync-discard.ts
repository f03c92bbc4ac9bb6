import {
  becomeInSync,
  bringUpInSync,
  fill,
  promote,
  reconnect,
  writeApart,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "Discards while apart, and while the resync runs: the ranges read as zeros on both sides in the end.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    promote(stage, alpha);
    fill(stage, alpha, 0, 256);
    writeApart(stage, alpha, 0, 16);
    stage.discard(alpha, 32, 128);
    reconnect(stage, alpha);
    stage.becomes(bravo, { conn: "SyncTarget" });
    stage.discard(alpha, 200, 20);
    stage.discard(alpha, 100, 60, false);
    becomeInSync(stage);
    const zero = bravo.disk.readNow(32 * 4096, 128 * 4096).every((byte) => byte === 0);
    stage.check(zero, "the discarded range is zeros on bravo");
  },
};
