import { Load } from "../../../sim/replication/stage/load.ts";
import {
  becomeInSync,
  bringUpInSync,
  promote,
  reconnect,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "Both nodes ask each other for a change of state at once: one is told to come again, and both get what they may have.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    promote(stage, alpha);
    let answers = 0;
    const count = (): void => {
      answers++;
    };
    alpha.admin({ name: "detach", volume: 0 }, count);
    bravo.admin({ name: "disconnect" }, count);
    stage.until("both are answered", () => answers === 2);
    const load = new Load(stage, alpha, { from: 0, blocks: 16, everyMs: 10, mayFail: true });
    stage.advance(300);
    load.stop();
    if (stage.volume(bravo).conn === "StandAlone") reconnect(stage, bravo);
    if (stage.volume(alpha).disk === "Diskless") alpha.attach(0);
    becomeInSync(stage);
  },
};
