import {
  becomeInSync,
  bringUpInSync,
  fill,
  promote,
  reconnect,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "Blocks that differ without anyone knowing are found by an online verify, marked on both sides, and synced after a new connection.",
  options: { net: { verifyAlg: "sha1" } },
  run: (stage) => {
    bringUpInSync(stage);
    stage.record.expectErrors("verify-found-differences");
    const { alpha, bravo } = stage;
    promote(stage, alpha);
    fill(stage, alpha, 0, 32);
    stage.laws.rest();
    for (const block of [7, 8, 500])
      bravo.disk.writeNow(block * 4096, new Uint8Array(4096).fill(1));
    stage.do(alpha, { name: "verify", volume: 0 });
    stage.becomes(bravo, { conn: "VerifyT" });
    stage.bothBecome({ conn: "Connected" });
    for (const node of [alpha, bravo])
      stage.check(stage.volume(node).outOfSyncBytes === 3 * 4096, `three blocks on ${node.name}`);
    stage.check(stage.record.handlers(alpha, "out-of-sync") === 1, "the handler is called");
    stage.do(bravo, { name: "disconnect" });
    reconnect(stage, bravo);
    becomeInSync(stage);
    stage.do(alpha, { name: "verify", volume: 0 });
    stage.becomes(bravo, { conn: "VerifyT" });
    stage.bothBecome({ conn: "Connected" });
    stage.check(stage.volume(alpha).outOfSyncBytes === 0, "none differs any more");
  },
};
