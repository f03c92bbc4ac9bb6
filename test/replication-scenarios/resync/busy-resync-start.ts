import { Load } from "../../../sim/replication/stage/load.ts";
import {
  becomeInSync,
  bringUpInSync,
  mend,
  reconnect,
  writeApart,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "Writes are under way at the very moment at which the resync begins, with protocol A and a slow network: none is lost.",
  options: { net: { protocol: "A" } },
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo, world } = stage;
    for (let round = 0; round < 4; round++) {
      writeApart(stage, alpha, 0, 100);
      const load = new Load(stage, alpha, { from: 50, blocks: 200, everyMs: 1 });
      const delay = { delayMs: 10 * round, jitterMs: 5 };
      world.network.setLink(alpha.address, bravo.address, delay);
      reconnect(stage, alpha);
      stage.becomes(bravo, { conn: "SyncTarget" });
      becomeInSync(stage);
      load.stop();
      mend(stage);
    }
  },
};
