/**
 * What a migration that nobody attends any more has left behind, after holdfastd was restarted in its middle: brought
 * to an end by the rules that held before. A memory that was sent whole, or that arrived and was not released, is
 * destroyed; one that was not sent whole goes on executing here.
 */
import { err, ok, type Result } from "../../base/result.ts";
import { goOnHere } from "./migration-end.ts";
import { watchMigration } from "./migration-watch.ts";
import type { QemuContext } from "./qemu-ports.ts";
import { endQemu, qemuProcesses } from "./qemu-process.ts";
import { runState } from "./qemu-status.ts";
import type { QmpClient } from "./qmp-client.ts";
import { withQmp } from "./qmp-use.ts";
import { runPaths } from "./run-paths.ts";
import { noteMigrationPhase, readRunRecord } from "./run-record.ts";

export async function settleMigration(
  context: QemuContext,
  guest: string,
  limitMs: number,
): Promise<Result<void>> {
  const path = runPaths(context.directories, guest).record;
  const record = await readRunRecord(context.files, path);
  if (!record.ok || record.value?.migration === undefined) return ok(undefined);
  if (qemuProcesses(context, guest).length === 0) return ok(undefined);
  const phase = record.value.migration;
  const asked = await withQmp(context, guest, limitMs, (client) =>
    phase === "arriving" ? mayStayArrived(client) : mayStaySent(context, client, limitMs),
  );
  const mayStay = asked.ok ? asked.value : asked;
  if (!mayStay.ok)
    return err(`a broken-off migration of ${guest} can't be settled: ${mayStay.error}`);
  if (!mayStay.value) return await endQemu(context, guest, { limitMs });
  await noteMigrationPhase(context, guest, undefined);
  return ok(undefined);
}

/** Only what was released executes. */
async function mayStayArrived(client: QmpClient): Promise<Result<boolean>> {
  const status = await client.execute("query-status");
  return status.ok ? ok(runState(status) === "running") : err(status.error.description);
}

async function mayStaySent(
  context: QemuContext,
  client: QmpClient,
  limitMs: number,
): Promise<Result<boolean>> {
  const watch = watchMigration(context.clock, client);
  // Without effect when the memory was sent whole, or the migration is over.
  const cancelled = await client.execute("migrate_cancel");
  if (!cancelled.ok) return err(cancelled.error.description);
  const end = await watch.until(["none", "completed", "failed", "cancelled"], { limitMs });
  if (end === "completed") return ok(false);
  if (end === undefined || end === "ended") return err("QEMU does not say how it ended");
  await goOnHere(client);
  return ok(true);
}
