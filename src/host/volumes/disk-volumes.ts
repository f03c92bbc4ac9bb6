/** The replicated disks of this node (ports/volumes.ts), by the control sockets of their disk servers. */
import type { DiskMethods } from "../../api/disk-protocol.ts";
import type { DiskResourceStatus } from "../../api/disk-status.ts";
import { UserError } from "../../api/user-error.ts";
import type { VolumeAnswer, VolumeExport, VolumeStatus, Volumes } from "../../ports/volumes.ts";
import { controlRequest } from "../control/control-client.ts";
import { diskPaths } from "../paths/run-paths.ts";

/** What is asked about is the resource's first volume: a guest's disk is a resource of its own. */
const volume = 0;

export class DiskVolumes implements Volumes {
  async status(resource: string): Promise<VolumeAnswer<VolumeStatus>> {
    const answer = await ask(resource, "status", {});
    return answer.ok ? { ok: true, value: statusOf(answer.value) } : answer;
  }

  async promote(
    resource: string,
    options: { readonly force?: boolean } = {},
  ): Promise<VolumeAnswer<void>> {
    return done(await ask(resource, "primary", { force: options.force ?? false }));
  }

  async demote(
    resource: string,
    options: { readonly takeAway?: boolean } = {},
  ): Promise<VolumeAnswer<void>> {
    return done(await ask(resource, "secondary", { takeAway: options.takeAway ?? false }));
  }

  nbdExport(resource: string, options: { readonly standby: boolean }): VolumeExport {
    return {
      socketPath: diskPaths(resource).nbdSocket(volume),
      exportName: options.standby ? `standby-${volume}` : String(volume),
    };
  }
}

async function ask<M extends keyof DiskMethods>(
  resource: string,
  method: M,
  params: DiskMethods[M]["params"],
): Promise<VolumeAnswer<DiskMethods[M]["result"]>> {
  const who = `the disk server of ${resource}`;
  try {
    const { controlSocket } = diskPaths(resource);
    const value = await controlRequest(controlSocket, who, method, params);
    return { ok: true, value: value as DiskMethods[M]["result"] };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { message, remedy } = error;
    return {
      ok: false,
      code: refusalCode(message),
      message: remedy === undefined ? message : `${message}. ${remedy}`,
    };
  }
}

/** DRBD's number in `State change failed: (-2) …`; 0 when the refusal has none. */
function refusalCode(message: string): number {
  const match = /^State change failed: \((-\d+)\)/.exec(message);
  return match === null ? 0 : Number(match[1]);
}

function done(answer: VolumeAnswer<unknown>): VolumeAnswer<void> {
  return answer.ok ? { ok: true, value: undefined } : answer;
}

function statusOf(status: DiskResourceStatus): VolumeStatus {
  const { connection } = status;
  const [first] = status.volumes;
  return {
    role: status.role,
    disk: first?.disk ?? "Diskless",
    peerRole: connection.peerRole,
    peerDisk: first?.peerDisk ?? "DUnknown",
    connection: first?.connectionState ?? connection.state,
    sizeBytes: (first?.sizeKib ?? 0) * 1024,
  };
}
