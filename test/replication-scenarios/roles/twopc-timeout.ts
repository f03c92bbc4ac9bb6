import {
  becomeInSync,
  breakSockets,
  bringUpInSync,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "A peer that does not answer a request for a change of state costs the connection, not the command: it is answered.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    stage.packets.drop(bravo, "P_STATE_CHG_REPLY");
    let result: boolean | undefined;
    alpha.admin({ name: "primary" }, ({ ok }) => {
      result = ok;
    });
    stage.advance(2000);
    // Nothing answers any more: the operator breaks the connection.
    if (result === undefined) breakSockets(alpha);
    stage.until("the promotion is answered", () => result !== undefined);
    becomeInSync(stage);
    stage.do(alpha, { name: "primary" });
  },
};
