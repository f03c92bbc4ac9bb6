import { bringUpInSync, promote } from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "The Secondary lets go of its disk, the Primary writes on and then loses its own: the older disk, when it is attached again, does not take its place; the newer one does.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    stage.record.expectErrors("disk-failed", "disk-error", "connection-refused");
    promote(stage, alpha);
    stage.do(bravo, { name: "detach", volume: 0 });
    const write = stage.write(alpha, 3);
    stage.do(alpha, { name: "detach", volume: 0, force: true });
    stage.becomes(alpha, { disk: "Diskless" });
    bravo.attach(0);
    stage.advance(2000);
    stage.check(stage.read(alpha, 3) === "no-data", "the older disk is not read from");
    stage.check(stage.submit(alpha, 9).outcome?.error !== undefined, "nor written to");
    alpha.attach(0);
    stage.becomes(alpha, { disk: "UpToDate" });
    const found = stage.read(alpha, 3);
    stage.check(typeof found !== "string" && found.has(write.id), "what was acknowledged is there");
    for (const node of [alpha, bravo]) stage.ask(node, { name: "connect" });
  },
};
