import { bringUpInSync, cut, mend, promote } from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "A Primary without a disk reads and writes through its peer, also when it was never there; without the peer it has no data, and says so.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha } = stage;
    stage.do(alpha, { name: "detach", volume: 0 });
    promote(stage, alpha);
    const write = stage.write(alpha, 9, 4);
    const found = stage.read(alpha, 10);
    stage.check(typeof found !== "string" && found.has(write.id), "it reads what it wrote");
    cut(stage);
    stage.check(stage.read(alpha, 10) === "no-data", "no data without the peer");
    mend(stage);
    stage.becomes(alpha, { conn: "Connected" });
    const again = stage.read(alpha, 10);
    stage.check(typeof again !== "string" && again.has(write.id), "and again with it");
    alpha.attach(0);
  },
};
