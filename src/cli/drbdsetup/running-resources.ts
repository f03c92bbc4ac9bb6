/** The DRBD resources that have a disk server on this host. */
import { readdirSync } from "node:fs";
import type { DiskResourceStatus } from "../../api/disk-status.ts";
import { compareText } from "../../base/compare.ts";
import { diskSocketDirectory } from "../../host/paths/run-paths.ts";
import { askDisk } from "../drbdadm/disk-client.ts";

/** Names in order; a socket may be one that a crash has left. */
export function resourcesWithSocket(): readonly string[] {
  try {
    return readdirSync(diskSocketDirectory())
      .filter((name) => name.endsWith(".sock"))
      .map((name) => name.slice(0, -".sock".length))
      .sort(compareText);
  } catch {
    return [];
  }
}

/** The status of all that are up, by name; or of those named, as far as they are up. */
export async function statusOf(
  names: readonly string[] = resourcesWithSocket(),
): Promise<readonly DiskResourceStatus[]> {
  const all = await Promise.all(names.map((name) => askDisk(name, "status", {})));
  return all.filter((status) => status !== undefined);
}
