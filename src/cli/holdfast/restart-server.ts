/**
 * Puts a new disk server in the place of a running one: for an upgrade, or when something about it is to be read anew.
 * Those who use the volumes wait (QEMU for its `reconnect-delay`); no request fails, and nothing has to be synced:
 * the old server answers what it was asked, demotes and disconnects before it ends.
 */
import type { DiskResourceStatus } from "../../api/disk-status.ts";
import { UserError } from "../../api/user-error.ts";
import type { DrbdResourceConfig } from "../../formats/drbd-conf/resource-config.ts";
import type { ControlConnection } from "../../host/control/control-client.ts";
import { askDisk, reachDisk } from "../drbdadm/disk-client.ts";
import { startServer } from "../drbdadm/start-server.ts";

/** The peer is waited for so long before the promotion: alone, that might ask for a fence. */
const connectedMs = 10_000;

/** @throws UserError HF2166 when it cannot be restarted now, and what the steps of it throw. */
export async function restartServer(resource: string): Promise<void> {
  const old = await reachDisk(resource);
  if (old === undefined) throw notNow(`${resource} is not up`, `drbdadm up ${resource}`);
  const isGone = new Promise<void>((resolve) => old.onClose(resolve));
  const before = (await old.request("status")) as DiskResourceStatus;
  if (before.twoPrimariesWindow) {
    old.close();
    throw notNow(`a guest on ${resource} is being moved`, "Try again when it has arrived.");
  }
  const config = (await old.request("show")) as DrbdResourceConfig;
  try {
    await old.request("shutdown", { clientsReturn: true });
  } catch (error) {
    old.close();
    throw error;
  }
  await isGone;
  await startServer(config);
  await becomeAsBefore(resource, before);
}

async function becomeAsBefore(resource: string, before: DiskResourceStatus): Promise<void> {
  // Beside the kernel's DRBD a new process finds all as it was.
  const now = await askDisk(resource, "status", {});
  const isDiskless = (number: number): boolean =>
    now?.volumes.find(({ volume }) => volume === number)?.disk === "Diskless";
  for (const { volume, disk } of before.volumes)
    if (disk !== "Diskless" && isDiskless(volume)) await askDisk(resource, "attach", { volume });
  if (before.connection.state !== "StandAlone" && now?.connection.state === "StandAlone")
    await askDisk(resource, "connect", {});
  if (before.role !== "Primary" || now?.role === "Primary") return;
  if (before.connection.state === "Connected") await untilConnected(resource);
  await askDisk(resource, "primary", {});
}

/** Until the peer is there, or for as long as it may take. */
async function untilConnected(resource: string): Promise<void> {
  const connection = await reachDisk(resource);
  if (connection === undefined) return;
  const timer = setTimeout(() => connection.close(), connectedMs);
  await connected(connection);
  clearTimeout(timer);
  connection.close();
}

function connected(connection: ControlConnection): Promise<void> {
  return new Promise((resolve) => {
    const look = (status: DiskResourceStatus): void => {
      if (status.connection.state === "Connected") resolve();
    };
    connection.onEvent((_event, data) => look(data as DiskResourceStatus));
    connection.onClose(resolve);
    connection.request("watch").then((status) => look(status as DiskResourceStatus), resolve);
  });
}

function notNow(why: string, remedy: string): UserError {
  return new UserError("HF2166", `${why}: there is no disk server to restart now`, {
    exit: 10,
    remedy,
  });
}
