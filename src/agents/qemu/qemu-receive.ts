/**
 * The target's side of a migration: a QEMU that waits for a memory and, when it has come, waits on. It opens its disks
 * at the standby exports, which may be opened on a Secondary, and touches them only when it is released.
 */
import { err, ok, type Result } from "../../base/result.ts";
import { jsonMember } from "../../formats/qmp/qmp-message.ts";
import type { MigrationOffer, ReceiveTerms, Reception } from "../guest/guest-driver.ts";
import { faultAsError } from "../world-fault.ts";
import { buildAlike } from "./machine-build.ts";
import { setCapabilities, useMigrationKey } from "./migration-key.ts";
import { watchMigration } from "./migration-watch.ts";
import { launchQemu } from "./qemu-launch.ts";
import type { QemuContext } from "./qemu-ports.ts";
import { endQemu } from "./qemu-process.ts";
import { runState } from "./qemu-status.ts";
import { openQmp, type QmpClient } from "./qmp-client.ts";
import { withQmp } from "./qmp-use.ts";
import { runPaths } from "./run-paths.ts";
import { noteMigrationPhase, readRunRecord } from "./run-record.ts";

const answerLimitMs = 10_000;
const endLimitMs = 10_000;
/** Longer than any migration: whoever asked for it gives up before. */
const arrivalLimitMs = 24 * 3600 * 1000;

export async function receiveMemory(
  context: QemuContext,
  offer: MigrationOffer,
  terms: ReceiveTerms,
): Promise<Result<Reception>> {
  const { guest } = offer;
  const build = await buildAlike(context, guest, offer.machine);
  if (!build.ok) return build;
  const launch = { guest, build: build.value, arriving: true, stop: terms.stop };
  const launched = await launchQemu(context, launch);
  if (!launched.ok) return launched;
  const reception = await faultAsError(() => listenForMemory(context, guest.name, terms));
  if (reception.ok) return reception;
  const ended = await endQemu(context, guest.name, { limitMs: endLimitMs });
  return err(ended.ok ? reception.error : `${reception.error}; and ${ended.error}`);
}

async function listenForMemory(
  context: QemuContext,
  guest: string,
  terms: ReceiveTerms,
): Promise<Result<Reception>> {
  const socket = runPaths(context.directories, guest).qmp;
  const client = await openQmp(context, socket, answerLimitMs);
  if (!client.ok) return client;
  const watch = watchMigration(context.clock, client.value);
  const port = await preparePort(context, client.value, guest, terms);
  if (!port.ok) {
    client.value.close();
    return port;
  }
  context.heldQmp.set(guest, client.value);
  void client.value.ended.then(() => {
    if (context.heldQmp.get(guest) === client.value) context.heldQmp.delete(guest);
  });
  const arrived = watch
    .until(["completed", "failed"], { limitMs: arrivalLimitMs })
    .then((status) => status === "completed");
  return ok({ at: { address: terms.address, port: port.value, id: terms.id }, arrived });
}

/** Returns the port that QEMU listens on. */
async function preparePort(
  context: QemuContext,
  client: QmpClient,
  guest: string,
  terms: ReceiveTerms,
): Promise<Result<string>> {
  // late-block-activate: the disks stay untouched until "cont", when the volumes are Primary here.
  const capable = await setCapabilities(client, ["late-block-activate", "return-path", "events"]);
  if (!capable.ok) return capable;
  const keyed = await useMigrationKey(context, client, {
    guest,
    id: terms.id,
    endpoint: "server",
  });
  if (!keyed.ok) return keyed;
  const { first, last } = context.migrationPorts;
  const uri = `tcp:${bracketed(terms.address)}:${first},to=${last}`;
  const listening = await client.execute("migrate-incoming", { uri });
  if (!listening.ok)
    return err(
      `no port of ${first}-${last} can be had on ${terms.address}: ${listening.error.description}`,
    );
  const asked = await client.execute("query-migrate");
  const sockets = asked.ok ? jsonMember(asked.value, "socket-address") : undefined;
  const port = Array.isArray(sockets) ? jsonMember(sockets[0], "port") : undefined;
  return typeof port === "string" ? ok(port) : err("QEMU does not say where it listens");
}

/** "go": from here on the guest executes on this node. Its volumes are Primary. */
export async function releaseMemory(context: QemuContext, guest: string): Promise<Result<void>> {
  const paths = runPaths(context.directories, guest);
  const record = await readRunRecord(context.files, paths.record);
  if (!record.ok) return record;
  if (record.value?.migration !== "arriving") return err(`no memory of ${guest} has arrived here`);
  const released = await withQmp(context, guest, answerLimitMs, executeMemory);
  if (!released.ok) return released;
  if (!released.value.ok) return released.value;
  await noteMigrationPhase(context, guest, undefined);
  await context.files.remove(paths.key);
  context.heldQmp.get(guest)?.close();
  return ok(undefined);
}

async function executeMemory(client: QmpClient): Promise<Result<void>> {
  const migration = await client.execute("query-migrate");
  const status = migration.ok ? jsonMember(migration.value, "status") : undefined;
  // Safety: half a memory must not execute.
  if (status !== "completed") return err(`the memory has not arrived whole (${String(status)})`);
  const went = await client.execute("cont");
  if (!went.ok) return err(`QEMU does not let it go on: ${went.error.description}`);
  const state = runState(await client.execute("query-status"));
  if (state !== "running") return err(`it does not go on: QEMU says "${state}"`);
  // Switches learn at once where the guest's addresses are; QEMU's own announcement came before it could answer.
  await client.execute("announce-self", { initial: 50, max: 550, rounds: 5, step: 100 });
  return ok(undefined);
}

function bracketed(address: string): string {
  return address.includes(":") ? `[${address}]` : address;
}
