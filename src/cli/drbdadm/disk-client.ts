/** Requests to the disk servers of this host. */
import type { DiskMethods } from "../../api/disk-protocol.ts";
import { UserError } from "../../api/user-error.ts";
import { type ControlConnection, connectControl } from "../../host/control/control-client.ts";
import { diskPaths } from "../../host/paths/run-paths.ts";

/** @throws UserError as the disk server refuses. Undefined when the resource is not up. */
export async function askDisk<M extends keyof DiskMethods>(
  resource: string,
  method: M,
  params: DiskMethods[M]["params"],
): Promise<DiskMethods[M]["result"] | undefined> {
  const connection = await reachDisk(resource);
  if (connection === undefined) return undefined;
  try {
    return (await connection.request(method, params)) as DiskMethods[M]["result"];
  } finally {
    connection.close();
  }
}

/** A connection to the resource's disk server; undefined when it is not up. */
export async function reachDisk(resource: string): Promise<ControlConnection | undefined> {
  try {
    return await connectControl(
      diskPaths(resource).controlSocket,
      `the disk server of ${resource}`,
    );
  } catch (error) {
    if (error instanceof UserError && error.code === "HF9002") return undefined;
    throw error;
  }
}
