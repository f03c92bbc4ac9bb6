import { Load } from "../../../sim/replication/stage/load.ts";
import {
  becomeInSync,
  bringUpInSync,
  reconnect,
  writeApart,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "While the guest writes, a resync yields to it but gets at least on; when the guest rests it is as fast as c-max-rate lets it.",
  options: { disk: { cMaxRateKiBs: 4096, cMinRateKiBs: 250 } },
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    writeApart(stage, alpha, 1000, 2000);
    const load = new Load(stage, alpha, { from: 0, blocks: 100, everyMs: 1 });
    reconnect(stage, alpha);
    stage.becomes(bravo, { conn: "SyncTarget" });
    const began = stage.now;
    becomeInSync(stage);
    load.stop();
    const ms = stage.now - began;
    stage.check(
      ms < 1000 * (4000 / 250),
      `4000 KiB took ${ms} ms, at c-min-rate they may take 16 s`,
    );
  },
};
