import { bringUpInSync } from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "Connections and role changes in quick turns, by chance from both sides: every command is answered, and it all ends in sync.",
  run: (stage) => {
    bringUpInSync(stage);
    const { prng } = stage.world;
    const commands = [
      { name: "connect" },
      { name: "disconnect" },
      { name: "primary" },
      { name: "secondary" },
    ] as const;
    let open = 0;
    for (let round = 0; round < 120; round++) {
      const node = prng.pick([stage.alpha, stage.bravo]);
      const command = prng.pick(commands);
      // Nobody promotes a node while the other one is, or may be, Primary out of sight.
      const other = stage.status(stage.other(node));
      if (
        command.name === "primary" &&
        (other.role === "Primary" || other.connection !== "Connected")
      )
        continue;
      open++;
      node.admin(command, () => {
        open--;
      });
      stage.advance(prng.below(30));
    }
    stage.until("every command is answered", () => open === 0);
    for (const node of [stage.alpha, stage.bravo]) {
      stage.ask(node, { name: "secondary" });
      stage.ask(node, { name: "connect" });
    }
  },
};
