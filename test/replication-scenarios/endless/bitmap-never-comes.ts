import {
  becomeInSync,
  bringUpInSync,
  reconnect,
  writeApart,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "The source's bitmap never reaches the target (linstor-server 190), or the target's the source: neither waits in WFBitMapT or WFBitMapS for ever.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    for (const node of [alpha, bravo]) {
      writeApart(stage, alpha, 0, 20);
      for (const packet of ["P_COMPRESSED_BITMAP", "P_BITMAP"]) stage.packets.drop(node, packet);
      reconnect(stage, alpha);
      stage.until("the bitmap is lost", () => stage.packets.struck(node, "P_COMPRESSED_BITMAP"));
      stage.advance(1000);
      stage.check(stage.volume(bravo).disk !== "UpToDate", "it waits");
      becomeInSync(stage, 200_000);
      stage.packets.release();
    }
  },
};
