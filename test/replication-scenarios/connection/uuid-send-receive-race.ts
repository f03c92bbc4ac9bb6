import { becomeInSync, bringUpInSync, reconnect } from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "A node whose generation changes between its P_UUIDS and the peer's comes to the same decision as its peer.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    stage.do(bravo, { name: "disconnect" });
    stage.packets.hold(bravo, "P_UUIDS");
    reconnect(stage, bravo);
    stage.until("alpha has told its own", () => stage.packets.struck(bravo, "P_UUIDS"));
    // Begins a new generation: the peer's copy is not in reach yet.
    alpha.admin({ name: "primary" }, () => {});
    stage.advance(20);
    stage.packets.release();
    stage.becomes(alpha, { role: "Primary" });
    stage.write(alpha, 3);
    becomeInSync(stage);
  },
};
