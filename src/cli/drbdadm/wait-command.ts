/** `drbdadm wait-connect`: until a resource is connected, or its wfc-timeout is over. */
import type { DiskResourceStatus } from "../../api/disk-status.ts";
import { UserError } from "../../api/user-error.ts";
import { reachDisk } from "./disk-client.ts";
import type { Selected } from "./selection.ts";
import { setup } from "./setup-words.ts";
import { notUp, type Plan } from "./step.ts";

/** drbdsetup's exit code when the time is over. */
const exitTimedOut = 5;

export function waitConnectPlan(selected: readonly Selected[]): Plan {
  return [
    selected.flatMap(({ resource, volumes }) =>
      volumes.map((volume, i) => ({
        resource: resource.name,
        words: setup("wait-connect", volume.minor),
        run: i > 0 ? undefined : () => waitConnected(resource.name, resource.startup.wfcTimeoutS),
      })),
    ),
  ];
}

/** @param timeoutS 0: for ever. */
async function waitConnected(resource: string, timeoutS: number): Promise<number> {
  const connection = await reachDisk(resource);
  if (connection === undefined) return notUp;
  const isConnected = (status: DiskResourceStatus): boolean =>
    status.connection.state === "Connected";
  const connected = new Promise<boolean>((resolve, reject) => {
    connection.onEvent((_event, data) => {
      if (isConnected(data as DiskResourceStatus)) resolve(true);
    });
    connection.onClose(() => resolve(false));
    connection.request("watch").then((status) => {
      if (isConnected(status as DiskResourceStatus)) resolve(true);
    }, reject);
    if (timeoutS > 0) setTimeout(() => resolve(false), timeoutS * 1000).unref();
  });
  const isDone = await connected;
  connection.close();
  if (isDone) return 0;
  throw new UserError("HF2153", `not connected after ${timeoutS} s (wfc-timeout)`, {
    exit: exitTimedOut,
    remedy: "Is the peer up, and the network between them? See drbdadm status on both.",
  });
}
