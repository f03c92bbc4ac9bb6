import { becomeInSync, bringUp } from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "A disk with data, made Primary by force, is copied in full to a new empty one; the other way round nothing is ever copied.",
  run: (stage) => {
    const { alpha, bravo } = stage;
    for (let block = 0; block < stage.blocks; block += 7)
      alpha.disk.writeNow(block * 4096, new Uint8Array(4096).fill(0x5a));
    bringUp(stage);
    stage.do(alpha, { name: "primary", force: true });
    stage.becomes(bravo, { conn: "SyncTarget" });
    becomeInSync(stage);
    const same = stage.blocks * 4096;
    const [a, b] = [alpha, bravo].map((node) => node.disk.readNow(0, same));
    stage.check(a !== undefined && b !== undefined && a.every((byte, i) => byte === b[i]), "equal");
    stage.laws.begin();
  },
};
