import { bringUpInSync, cut, mend, promote } from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "A broken fence-peer script leaves I/O frozen, without a new generation, until the peer is back; suspend-io and resume-io do the same by hand. No request fails and none is lost.",
  options: { disk: { fencing: "resource-and-stonith" }, fencePeer: () => 1 },
  run: (stage) => {
    bringUpInSync(stage);
    stage.record.expectErrors("fence-verdict");
    const { alpha } = stage;
    promote(stage, alpha);
    const before = stage.volume(alpha).uuids?.[0];
    for (const way of ["fencing", "by hand"] as const) {
      if (way === "fencing") cut(stage);
      else stage.do(alpha, { name: "suspend-io" });
      const held = [1, 2, 3].map((block) => stage.submit(alpha, block));
      stage.advance(5000);
      stage.check(
        held.every(({ outcome }) => outcome === undefined),
        "they wait",
      );
      stage.check(stage.volume(alpha).uuids?.[0] === before, "no new generation");
      if (way === "fencing") mend(stage);
      else stage.do(alpha, { name: "resume-io" });
      stage.until("all are answered", () => held.every(({ outcome }) => outcome !== undefined));
      stage.check(
        held.every(({ outcome }) => outcome?.error === undefined),
        "and succeed",
      );
    }
  },
};
