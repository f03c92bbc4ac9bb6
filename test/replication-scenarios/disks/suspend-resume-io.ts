import { Load } from "../../../sim/replication/stage/load.ts";
import {
  breakSockets,
  bringUpInSync,
  crash,
  cut,
  mend,
  promote,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "Writes that were under way when the last good data went out of reach wait, and are done when these are back: no error, nothing twice, nothing lost.",
  options: { disk: { onNoDataAccessible: "suspend-io" } },
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    stage.do(alpha, { name: "detach", volume: 0 });
    promote(stage, alpha);
    for (const way of ["cable", "sockets", "restart"] as const) {
      const load = new Load(stage, alpha, { from: 0, blocks: 30, everyMs: 4 });
      stage.advance(100);
      const before = load.acked;
      if (way === "cable") cut(stage);
      else if (way === "sockets") breakSockets(alpha);
      else crash(stage, bravo);
      stage.advance(2000);
      if (way === "restart") bravo.start();
      mend(stage);
      stage.until("it goes on", () => load.acked > before + 10);
      load.stop();
    }
    alpha.attach(0);
  },
};
