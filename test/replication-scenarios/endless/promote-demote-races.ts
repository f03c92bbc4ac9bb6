import {
  becomeInSync,
  bringUpInSync,
  demote,
  reconnect,
  writeApart,
} from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "Both nodes are promoted and demoted while they exchange bitmaps (miroir 391): no side is left behind in WFBitMapS.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha, bravo } = stage;
    for (let round = 0; round < 10; round++) {
      writeApart(stage, alpha, 0, 20);
      demote(stage, alpha);
      stage.packets.hold(round % 2 === 0 ? alpha : bravo, "P_COMPRESSED_BITMAP");
      reconnect(stage, alpha);
      stage.becomes(alpha, { conn: "WFBitMapS" });
      let open = 0;
      for (const [i, name] of (
        ["primary", "secondary", "primary", "secondary"] as const
      ).entries()) {
        open++;
        const node = (round >> 1) % 2 === 0 ? alpha : bravo;
        node.admin({ name }, () => {
          open--;
        });
        stage.advance(i * (round % 3));
      }
      stage.packets.release();
      stage.until("all are answered", () => open === 0);
      becomeInSync(stage);
      for (const node of [alpha, bravo]) stage.do(node, { name: "secondary" });
    }
  },
};
