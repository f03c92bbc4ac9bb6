/** A node's status of a volume, as the table of objections asks it. */
import type { DiskResourceStatus } from "../../api/disk-status.ts";
import type { ResolveSide } from "../../core/replication/generation/resolve-objections.ts";
import { Disk } from "../../formats/drbd/drbd-state.ts";

export function resolveSide(node: string, status: DiskResourceStatus, number: number): ResolveSide {
  const volume = status.volumes.find((one) => one.volume === number);
  const generation = volume?.generation;
  const uuid = (digits: string): bigint => BigInt(`0x${digits}`);
  return {
    node,
    disk: Disk[volume?.disk ?? "Diskless"],
    uuids: generation && {
      current: uuid(generation.current),
      bitmap: uuid(generation.bitmap),
      history1: uuid(generation.history[0]),
      history2: uuid(generation.history[1]),
    },
    crashedPrimary: generation?.flags.crashedPrimary ?? false,
    primary: status.role === "Primary",
    open: volume?.isOpen ?? false,
    connected: status.connection.state === "Connected",
  };
}
