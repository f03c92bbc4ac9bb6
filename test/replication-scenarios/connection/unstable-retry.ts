import {
  becomeInSync,
  breakSockets,
  bringUpInSync,
  fill,
  promote,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "A network that drops every connection after a few packets: each try is a new one, no try does harm, and when it holds all is in sync.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    promote(stage, alpha);
    fill(stage, alpha, 0, 8);
    for (let packets = 1; packets < 24; packets++) {
      breakSockets(alpha);
      let left = packets;
      stage.packets.onSent = () => {
        if (--left === 0) breakSockets(bravo);
      };
      stage.write(alpha, packets);
      stage.until("that many packets", () => left <= 0);
    }
    stage.packets.onSent = undefined;
    becomeInSync(stage);
  },
};
