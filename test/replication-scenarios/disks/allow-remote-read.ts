import { bringUpInSync, promote } from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "A block that the own disk cannot read is read from the peer, and the guest sees no error.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha } = stage;
    stage.record.expectErrors("disk-failed", "disk-error");
    promote(stage, alpha);
    const write = stage.write(alpha, 3);
    alpha.disk.faults.readFails = 1;
    const found = stage.read(alpha, 3);
    stage.check(typeof found !== "string" && found.has(write.id), "it comes from bravo");
    alpha.disk.faults.readFails = 0;
    stage.becomes(alpha, { disk: "Diskless" });
    alpha.attach(0);
  },
};
