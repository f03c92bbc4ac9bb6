import { becomeInSync, bringUpInSync, reconnect } from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "A promotion in the middle of a handshake is done or refused, and never hangs; the generation that it begins reaches the peer.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    for (const packet of ["P_PROTOCOL", "P_SIZES", "P_UUIDS", "P_STATE"]) {
      stage.do(bravo, { name: "disconnect" });
      stage.packets.hold(bravo, packet);
      reconnect(stage, bravo);
      stage.until(`${packet} is held up`, () => stage.packets.struck(bravo, packet));
      let answered = false;
      alpha.admin({ name: "primary" }, () => {
        answered = true;
      });
      stage.advance(50);
      stage.packets.release();
      stage.until("the promotion is answered", () => answered);
      if (stage.status(alpha).role !== "Primary") stage.do(alpha, { name: "primary" });
      stage.write(alpha, 7);
      becomeInSync(stage);
      stage.do(alpha, { name: "secondary" });
    }
  },
};
