import {
  becomeInSync,
  bringUpInSync,
  fill,
  promote,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "A Primary without a disk writes: the Secondary, whose copy is the only one, begins a new generation, once.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    const before = stage.volume(bravo).uuids?.[0];
    stage.do(alpha, { name: "detach", volume: 0 });
    promote(stage, alpha);
    fill(stage, alpha, 0, 4);
    const after = stage.volume(bravo).uuids?.[0];
    stage.check(after !== before, "bravo has begun a generation");
    fill(stage, alpha, 4, 8);
    stage.check(stage.volume(bravo).uuids?.[0] === after, "and only one");
    alpha.attach(0);
    becomeInSync(stage);
  },
};
