/**
 * The source's side of a migration. Under KVM the guest executes until QEMU halts it before the switch-over; under TCG
 * it is paused as long as its memory is sent (see pauseUnderTcg). Up to the switch-over it can be cancelled. Then the rest
 * is handed over, and from "completed" on this memory never executes again: its process is ended. `completed` is told only
 * after the target has said that it has all (the return path).
 */
import { err, ok, type Result } from "../../base/result.ts";
import type { ReceptionAddress, SendControl, SendOutcome } from "../guest/guest-driver.ts";
import { poll } from "../time-limit.ts";
import { describeFault } from "../world-fault.ts";
import { goOnHere } from "./migration-end.ts";
import { setCapabilities, useMigrationKey } from "./migration-key.ts";
import { type MigrationWatch, watchMigration } from "./migration-watch.ts";
import { lastLine } from "./qemu-launch.ts";
import type { QemuContext } from "./qemu-ports.ts";
import { endQemu, qemuProcesses } from "./qemu-process.ts";
import { runState } from "./qemu-status.ts";
import { openQmp, type QmpClient } from "./qmp-client.ts";
import { runPaths } from "./run-paths.ts";
import { noteMigrationPhase, readRunRecord } from "./run-record.ts";
import { awaitTaken } from "./untaken-memory.ts";

const answerLimitMs = 10_000;
/** For the last part of the memory, sent while the guest is halted; after this it is cancelled. */
const handOverLimitMs = 5000;
const cancelLimitMs = 10_000;
const endLimitMs = 10_000;
/** QEMU's own default is a gigabit a second. */
const bytesPerSecondMax = 10 * 1024 ** 3;

type Sending = {
  readonly context: QemuContext;
  readonly guest: string;
  readonly client: QmpClient;
  readonly watch: MigrationWatch;
};

export async function sendMemory(
  context: QemuContext,
  guest: string,
  at: ReceptionAddress,
  control: SendControl,
): Promise<SendOutcome> {
  const opened = await openQmp(context, runPaths(context.directories, guest).qmp, answerLimitMs);
  if (!opened.ok) return { kind: "stayed", why: opened.error };
  const client = opened.value;
  const watch = watchMigration(context.clock, client);
  const sending: Sending = { context, guest, client, watch };
  context.heldQmp.set(guest, client);
  try {
    return await send(sending, at, control);
  } catch (error) {
    return await cancel(sending, describeFault(error));
  } finally {
    context.heldQmp.delete(guest);
    client.close();
  }
}

async function send(
  sending: Sending,
  at: ReceptionAddress,
  control: SendControl,
): Promise<SendOutcome> {
  const begun = await begin(sending, at);
  if (!begun.ok) return await stay(sending, begun.error);
  const halted = await sending.watch.until(["pre-switchover", "completed", "failed", "cancelled"], {
    limitMs: control.limitMs,
    stop: control.stop,
  });
  if (halted !== "pre-switchover") return await cancel(sending, whyNotHalted(halted, control));
  const [qemu] = qemuProcesses(sending.context, sending.guest);
  if (qemu === undefined) return await cancel(sending, "QEMU ended");
  const stalled = await awaitTaken(sending.context, qemu.pid, at, control.stop);
  const objection = stalled ?? (await control.beforeHandOver());
  if (objection !== undefined) return await cancel(sending, objection);
  if (control.stop.aborted) return await cancel(sending, "it was stopped");
  await noteMigrationPhase(sending.context, sending.guest, "departing");
  const continued = await sending.client.execute("migrate-continue", { state: "pre-switchover" });
  if (!continued.ok) return await cancel(sending, continued.error.description);
  const over = await sending.watch.until(["completed", "failed", "cancelled"], {
    limitMs: handOverLimitMs,
  });
  if (over === "completed") return await depart(sending);
  return await cancel(sending, `the hand-over did not succeed (${over ?? "no end in sight"})`);
}

async function begin(sending: Sending, at: ReceptionAddress): Promise<Result<void>> {
  const { context, guest, client } = sending;
  const { address, port, id } = at;
  if (address === undefined || port === undefined || id === undefined)
    return err("the target did not say where it waits");
  const capable = await setCapabilities(client, [
    "pause-before-switchover",
    "return-path",
    "auto-converge",
    "events",
  ]);
  if (!capable.ok) return capable;
  const keyed = await useMigrationKey(context, client, { guest, id, endpoint: "client" });
  if (!keyed.ok) return keyed;
  await client.execute("migrate-set-parameters", { "max-bandwidth": bytesPerSecondMax });
  await noteMigrationPhase(sending.context, sending.guest, "sending");
  const host = address.includes(":") ? `[${address}]` : address;
  const paused = await pauseUnderTcg(sending);
  if (!paused.ok) return paused;
  const started = await client.execute("migrate", { uri: `tcp:${host}:${port}` });
  if (started.ok) return ok(undefined);
  // Nothing was sent: the order was refused.
  await client.execute("cont");
  return err(`QEMU does not send: ${started.error.description}`);
}

/**
 * Safety: TCG can miss that a page was written while the dirty pages are being collected (a store that found its page
 * in the translation buffer just before the collecting), and the page is then not sent again: the guest arrives with
 * an older copy of it. Seen as a virtio queue whose entries the guest had forgotten. What does not execute
 * writes nothing; so all memory can be sent before the hand-over, too, with none left for it.
 */
async function pauseUnderTcg({ context, guest, client }: Sending): Promise<Result<void>> {
  const record = await readRunRecord(context.files, runPaths(context.directories, guest).record);
  if (record.ok && record.value?.build.accelerator === "kvm") return ok(undefined);
  const stopped = await client.execute("stop");
  await client.execute("migrate-set-parameters", { "downtime-limit": 0 });
  return stopped.ok ? ok(undefined) : err(`QEMU does not pause: ${stopped.error.description}`);
}

function whyNotHalted(status: string | undefined, control: SendControl): string {
  if (status === undefined)
    return control.stop.aborted
      ? "it was stopped"
      : `the memory was not sent within ${Math.round(control.limitMs / 1000)} s`;
  if (status === "ended") return "QEMU ended";
  return `the memory could not be sent (${status})`;
}

/** What was not handed over goes on here; but a hand-over that was complete before it could be cancelled stands. */
async function cancel(sending: Sending, why: string): Promise<SendOutcome> {
  const { client } = sending;
  // On a network that was cut QEMU's main loop can be stuck in a write: only this reaches it, and frees it.
  const migration = { instances: [{ type: "migration" }] };
  await client.execute("yank", migration, { outOfBand: true });
  await client.execute("migrate_cancel");
  const end = await sending.watch.until(["completed", "failed", "cancelled"], {
    limitMs: cancelLimitMs,
  });
  if (end === "completed") return await depart(sending);
  return await stay(sending, why);
}

/** After a failed or cancelled migration QEMU lets the guest go on that it has halted; one that we paused, we do. */
async function stay(sending: Sending, why: string): Promise<SendOutcome> {
  const { context, guest, client } = sending;
  const running = await poll(context.clock, { limitMs: cancelLimitMs }, async () => {
    if (runState(await client.execute("query-status")) === "running") return true;
    await goOnHere(client);
    return qemuProcesses(context, guest).length === 0 ? false : undefined;
  });
  if (running === false) return { kind: "unclear", why: `${why}; and ${await endedQemu(sending)}` };
  if (running !== true) return { kind: "unclear", why: `${why}; and ${guest} does not go on here` };
  await noteMigrationPhase(sending.context, sending.guest, undefined);
  return { kind: "stayed", why };
}

/** That the guest's QEMU ended of itself, with the last thing it said. */
async function endedQemu({ context, guest }: Sending): Promise<string> {
  const said = await context.files.read(runPaths(context.directories, guest).qemuLog);
  const last = lastLine(said ?? "");
  return `the QEMU of ${guest} ended${last === "" ? "" : `: ${last}`}`;
}

async function depart(sending: Sending): Promise<SendOutcome> {
  const { context, guest } = sending;
  // Safety: this memory must not execute any more, so its process goes before anyone is told "go".
  const ended = await endQemu(context, guest, { limitMs: endLimitMs });
  if (!ended.ok) return { kind: "unclear", why: ended.error };
  return { kind: "departed" };
}
