import {
  becomeInSync,
  bringUpInSync,
  promote,
  reconnect,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "Large ranges that are zeros on the source cost few packets, however many blocks they have.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    promote(stage, alpha);
    stage.write(alpha, 0, 1500);
    stage.do(alpha, { name: "disconnect" });
    stage.discard(alpha, 0, 1500);
    reconnect(stage, alpha);
    stage.becomes(bravo, { conn: "SyncTarget" });
    becomeInSync(stage);
    const packets =
      stage.record.sent(alpha, "P_RS_DEALLOCATED") + stage.record.sent(alpha, "P_RS_DATA_REPLY");
    stage.check(packets > 0 && packets < 100, `${packets} packets for 1500 blocks`);
    stage.check(stage.record.sent(alpha, "P_RS_DATA_REPLY") === 0, "no zeros are sent as data");
  },
};
