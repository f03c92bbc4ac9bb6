import {
  bringUpInSync,
  crash,
  demote,
  reconnect,
  writeApart,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "A handshake that is refused, because the side that should be the source is not good itself (drbd 143), is not tried over and over many times a second.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    stage.record.expectErrors("sync-decision", "split-brain", "connection-refused");
    writeApart(stage, alpha, 0, 20);
    demote(stage, alpha);
    stage.laws.mayLose.add(alpha);
    stage.do(alpha, { name: "invalidate", volume: 0 });
    crash(stage, bravo);
    bravo.start();
    stage.becomes(bravo, { conn: "WFConnection" });
    stage.do(bravo, { name: "outdate", volume: 0 });
    reconnect(stage, alpha);
    const before = stage.record.sent(alpha, "P_UUIDS");
    stage.advance(20_000);
    const tries = stage.record.sent(alpha, "P_UUIDS") - before;
    stage.check(tries <= 20, `${tries} handshakes in 20 s`);
    stage.do(alpha, { name: "primary", force: true });
    for (const node of [alpha, bravo]) stage.ask(node, { name: "connect" });
    stage.laws.rest();
    stage.laws.mayLose.add(bravo);
  },
};
