/** How far QEMU says a migration has come, by its MIGRATION events (QEMU's qapi/migration.json, MigrationStatus). */
import { jsonMember } from "../../formats/qmp/qmp-message.ts";
import type { Clock, StopSignal } from "../../ports/clock.ts";
import { stopSource } from "../stop-source.ts";
import { late, withinLimit } from "../time-limit.ts";
import type { QmpClient } from "./qmp-client.ts";

export type MigrationWatch = {
  /** The first of these statuses, now or later; "ended" when the connection ends; undefined at the limit or stop. */
  until(
    statuses: readonly string[],
    limit: { readonly limitMs: number; readonly stop?: StopSignal },
  ): Promise<string | undefined>;
};

/** Asked besides the events, in case one was told before anybody listened. */
const askAgainMs = 1000;

export function watchMigration(clock: Clock, client: QmpClient): MigrationWatch {
  /** Undefined until it is known: what was told before this watch began is asked for. */
  let status: string | undefined;
  let ended = false;
  let changed = stopSource();
  const note = (now: string): void => {
    status = now;
    const before = changed;
    changed = stopSource();
    before.stop();
  };
  client.onEvent(({ name, data }) => {
    if (name === "MIGRATION") note(String(jsonMember(data, "status")));
  });
  void client.ended.then(() => {
    ended = true;
    note("ended");
  });
  return {
    until: async (statuses, { limitMs, stop }) => {
      const end = clock.now() + limitMs;
      for (;;) {
        if (ended) return "ended";
        if (status !== undefined && statuses.includes(status)) return status;
        const leftMs = end - clock.now();
        if (leftMs <= 0 || stop?.aborted === true) return undefined;
        if (status !== undefined)
          await sleepUntilChange(clock, Math.min(leftMs, askAgainMs), [changed.signal, stop]);
        if (status !== undefined && statuses.includes(status)) continue;
        // QEMU may be unable to answer, and the limit holds all the same.
        const asked = await withinLimit(clock, leftMs, client.execute("query-migrate"));
        if (asked !== late && asked.ok)
          status = String(jsonMember(asked.value, "status") ?? "none");
        status ??= "unknown";
      }
    },
  };
}

async function sleepUntilChange(
  clock: Clock,
  durationMs: number,
  signals: readonly (StopSignal | undefined)[],
): Promise<void> {
  const any = stopSource();
  const present = signals.filter((signal) => signal !== undefined);
  for (const signal of present) signal.addEventListener("abort", any.stop);
  try {
    await clock.sleep(durationMs, any.signal);
  } finally {
    for (const signal of present) signal.removeEventListener("abort", any.stop);
  }
}
