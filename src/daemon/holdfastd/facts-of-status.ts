/** A disk server's status, as the fencer reads it. */
import type { DiskResourceStatus } from "../../api/disk-status.ts";
import { diskFacts } from "../../core/fencer/disk-facts.ts";
import type { DiskFacts } from "../../core/fencer/types.ts";

export function factsOfStatus(status: DiskResourceStatus): DiskFacts {
  const { role, connection, suspended, volumes } = status;
  return diskFacts({
    peer: connection.peerName,
    role,
    peerRole: connection.peerRole,
    connected: connection.state === "Connected",
    frozen: suspended.fencing,
    volumes: volumes.map(({ disk, peerDisk, generation }) => ({
      ...{ disk, peerDisk },
      bitmapUuid: generation?.bitmap,
    })),
  });
}
