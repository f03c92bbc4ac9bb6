import type { Scenario } from "../../../sim/replication/stage/scenario.ts";
import { StateCode } from "../../../src/core/replication/state/state-codes.ts";

export const scenario: Scenario = {
  asserts:
    "A resource whose peer never comes waits in WFConnection, can be promoted by force, and goes down again at once.",
  ends: "as it is",
  run: (stage) => {
    const { alpha } = stage;
    alpha.start();
    stage.becomes(alpha, { conn: "WFConnection", disk: "Inconsistent" });
    stage.refused(alpha, { name: "primary" }, StateCode.NoUpToDateDisk);
    stage.do(alpha, { name: "primary", force: true });
    stage.becomes(alpha, { role: "Primary", disk: "UpToDate" });
    stage.do(alpha, { name: "secondary" });
    stage.do(alpha, { name: "disconnect" });
    stage.becomes(alpha, { conn: "StandAlone" });
    stage.do(alpha, { name: "detach", volume: 0 });
    stage.becomes(alpha, { disk: "Diskless" });
  },
};
