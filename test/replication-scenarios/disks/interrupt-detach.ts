import { becomeInSync, bringUpInSync, promote } from "../../../sim/replication/stage/operator.ts";
import type { Scenario } from "../../../sim/replication/stage/scenario.ts";

export const scenario: Scenario = {
  asserts:
    "A detach waits for a disk that answers no more; by force it is done at once, the guest goes on with the peer's disk, and the old one is taken back only when its last request has ended.",
  run: (stage) => {
    bringUpInSync(stage);
    const { alpha } = stage;
    stage.record.expectErrors("disk-failed");
    promote(stage, alpha);
    for (const first of ["detach", "force"] as const) {
      alpha.disk.faults.slowness = 100_000;
      const pending = [4, 5, 6].map((block) => stage.submit(alpha, block));
      let answered = first === "force";
      if (first === "detach")
        alpha.admin({ name: "detach", volume: 0 }, () => {
          answered = true;
        });
      stage.advance(1000);
      const hangs = pending.every(({ outcome }) => outcome === undefined);
      stage.check(hangs, "the writes hang");
      stage.do(alpha, { name: "detach", volume: 0, force: true });
      stage.until(
        "all are answered",
        () => pending.every(({ outcome }) => outcome !== undefined),
        2000,
      );
      stage.check(answered && stage.volume(alpha).disk === "Diskless", "it is done");
      for (const { outcome } of pending) stage.check(outcome?.error === undefined, "no error");
      alpha.disk.faults.slowness = 1;
      stage.write(alpha, 5);
      const size = alpha.disk.sizeBytes;
      const attach = { dataBytes: size, metaBytes: size, placement: { kind: "internal" } } as const;
      stage.refused(alpha, { name: "attach", volume: 0, ...attach });
      stage.advance(60_000);
      alpha.attach(0);
      becomeInSync(stage);
    }
  },
};
