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
    "Under protocol A a write is answered without waiting for the peer; an orderly demotion loses none of them.",
  options: { net: { protocol: "A" } },
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo, world } = stage;
    promote(stage, alpha);
    world.network.setLink(alpha.address, bravo.address, { delayMs: 200, jitterMs: 0 });
    const began = stage.now;
    stage.write(alpha, 1);
    stage.check(stage.now - began < 100, "it does not wait for the network");
    fill(stage, alpha, 0, 100);
    demote(stage, alpha);
    stage.becomes(bravo, { peerDisk: "UpToDate" });
    promote(stage, bravo);
    const [newest] = stage.lineage.writesAt(99).slice(-1);
    const found = stage.read(bravo, 99);
    stage.check(
      typeof found !== "string" && newest !== undefined && found.has(newest.id),
      "all there",
    );
    mend(stage);
  },
};
