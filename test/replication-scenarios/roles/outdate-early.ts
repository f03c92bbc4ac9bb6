import {
  bringUpInSync,
  demote,
  fill,
  mend,
  promote,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "The Primary loses its peer, which has not noticed; it writes on alone and is demoted: the peer, when it notices, takes what it missed, and nobody takes its older copy for good.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo, world } = stage;
    promote(stage, alpha);
    fill(stage, alpha, 0, 8);
    world.network.setLink(bravo.address, alpha.address, { up: false });
    stage.becomes(alpha, { peerDisk: "DUnknown" });
    fill(stage, alpha, 4, 12);
    demote(stage, alpha);
    stage.check(stage.volume(bravo).disk === "UpToDate", "bravo knows of nothing yet");
    mend(stage);
    stage.becomes(bravo, { conn: "SyncTarget" });
  },
};
