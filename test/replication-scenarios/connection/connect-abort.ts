import { becomeInSync, bringUpInSync, reconnect } from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts: "A disconnect while the handshake is held up is done at once; a later connect succeeds.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    for (const packet of ["P_CONNECTION_FEATURES", "P_PROTOCOL", "P_UUIDS", "P_STATE"]) {
      stage.do(alpha, { name: "disconnect" });
      stage.packets.hold(bravo, packet);
      reconnect(stage, alpha);
      stage.until(`${packet} is held up`, () => stage.packets.struck(bravo, packet));
      stage.advance(100);
      stage.do(alpha, { name: "disconnect" });
      stage.becomes(alpha, { conn: "StandAlone" }, 1000);
      stage.packets.release();
      reconnect(stage, alpha);
      becomeInSync(stage);
    }
  },
};
