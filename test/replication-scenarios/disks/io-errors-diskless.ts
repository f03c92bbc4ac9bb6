import { bringUpInSync, promote } from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "The only copy of a Primary without a disk fails to write: the guest is told, the copy is kept, and what was acknowledged can be read.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    stage.record.expectErrors("disk-failed", "disk-error");
    stage.do(alpha, { name: "detach", volume: 0 });
    promote(stage, alpha);
    const write = stage.write(alpha, 3);
    bravo.disk.faults.writeFails = 1;
    const failed = stage.submit(alpha, 8);
    stage.until("an answer", () => failed.outcome !== undefined);
    bravo.disk.faults.writeFails = 0;
    stage.check(failed.outcome?.error !== undefined, "the guest is told");
    if (stage.volume(bravo).disk === "Diskless") bravo.attach(0);
    stage.until("bravo can be read", () => typeof stage.read(alpha, 3) !== "string");
    const found = stage.read(alpha, 3);
    stage.check(typeof found !== "string" && found.has(write.id), "it is there");
    alpha.attach(0);
  },
};
