import { Load } from "../../../sim/replication/stage/load.ts";
import {
  becomeInSync,
  breakSockets,
  bringUpInSync,
  crash,
  cut,
  mend,
  reconnect,
  writeApart,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";
import type { Stage } from "../../../sim/replication/stage/stage.ts";

export const scenario: Scenario = {
  asserts:
    "A resync is interrupted by a dropped cable, a dead process, an orderly disconnect, on either side, with and without writes: it ends in the end, and nothing is lost.",
  options: { disk: { resyncRateKiBs: 8192 } },
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    for (const way of ["cable", "sockets", "target dies", "disconnect", "forced"] as const) {
      for (const writing of [false, true]) {
        writeApart(stage, alpha, 0, 600);
        reconnect(stage, alpha);
        stage.becomes(bravo, { conn: "SyncTarget" });
        const load = new Load(stage, alpha, { from: 300, blocks: 100, everyMs: writing ? 3 : 1e9 });
        stage.advance(60);
        interrupt(stage, way);
        becomeInSync(stage);
        load.stop();
      }
    }
  },
};

function interrupt(
  stage: Stage,
  way: "cable" | "sockets" | "target dies" | "disconnect" | "forced",
): void {
  const { alpha, bravo } = stage;
  switch (way) {
    case "cable":
      cut(stage);
      stage.advance(500);
      mend(stage);
      return;
    case "sockets":
      breakSockets(alpha);
      return;
    case "target dies":
      crash(stage, bravo);
      bravo.start();
      return;
    default:
      stage.do(bravo, { name: "disconnect", force: way === "forced" });
      reconnect(stage, bravo);
  }
}
