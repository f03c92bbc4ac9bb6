/** Gives a resource's disk server its configuration: what differs is taken over while it runs, as far as that goes. */
import type { DiskResourceStatus } from "../../api/disk-status.ts";
import { UserError } from "../../api/user-error.ts";
import type { DrbdResourceConfig } from "../../formats/drbd-conf/resource-config.ts";
import { askDisk, reachDisk } from "./disk-client.ts";
import { startServer } from "./start-server.ts";

/** Starts the disk server when there is none. @throws UserError HF2150 when it would have to be started anew. */
export async function serve(resource: DrbdResourceConfig): Promise<void> {
  const reasons = await reconfigure(resource);
  if (reasons === undefined) await startServer(resource);
  else if (reasons.length > 0) throw differs(resource.name, reasons);
}

/** The same for one that is up. @throws UserError HF2150 when it is not, or would have to be started anew. */
export async function handOver(resource: DrbdResourceConfig): Promise<void> {
  const reasons = (await reconfigure(resource)) ?? ["that it is down"];
  if (reasons.length > 0) throw differs(resource.name, reasons);
}

/**
 * The same, and where it has to be started anew, that is done: unless the volumes are in use here.
 * @throws UserError HF2150 when they are.
 */
export async function serveAnew(resource: DrbdResourceConfig): Promise<void> {
  const reasons = await reconfigure(resource);
  if (reasons === undefined) {
    await startServer(resource);
    return;
  }
  if (reasons.length === 0) return;
  const status = (await askDisk(resource.name, "status", {})) as DiskResourceStatus | undefined;
  if (status !== undefined) {
    // A server that is started anew begins as Secondary: nobody may lose his disk by that.
    const isInUse = status.role === "Primary" || status.volumes.some((volume) => volume.isOpen);
    if (isInUse) throw differs(resource.name, reasons);
    await shutDown(resource.name);
  }
  await startServer(resource);
}

/** Until the disk server has gone. One that is not there is down already. */
export async function shutDown(resource: string): Promise<void> {
  const connection = await reachDisk(resource);
  if (connection === undefined) return;
  const isGone = new Promise<void>((resolve) => connection.onClose(resolve));
  try {
    await connection.request("shutdown", {});
  } catch (error) {
    connection.close();
    throw error;
  }
  await isGone;
}

/** What only a new start can change, in words; undefined when it is not up. */
async function reconfigure(resource: DrbdResourceConfig): Promise<readonly string[] | undefined> {
  return (await askDisk(resource.name, "adjust", { config: resource }))?.needsRestart;
}

function differs(resource: string, reasons: readonly string[]): UserError {
  return new UserError(
    "HF2150",
    `the configuration of ${resource} differs from the running one in ${reasons.join(", ")}`,
    {
      exit: 10,
      remedy: `That needs a new start, which takes the disk from whoever uses it here: move or stop the guest, then drbdadm secondary ${resource} and drbdadm adjust ${resource}.`,
    },
  );
}
