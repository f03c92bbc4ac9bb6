/**
 * Letting go of a disk that may never answer again (`detach --force`): whatever is under way on it counts as failed from
 * here on, and its metadata are left as they are. The peer's new generation stands against this copy, and this process
 * remembers that it is behind.
 */

import { replyAdmin } from "../emit.ts";
import { abandonMetadata } from "../metadata/metadata-writer.ts";
import type { Resource } from "../resource.ts";
import type { Volume } from "../volume.ts";
import { detachNext } from "./detach.ts";
import { onDiskDone } from "./disk-done.ts";
import { onDiskFailed } from "./disk-failure.ts";

/** An orderly detach would have to wait for the disk. */
export function mustForceDetach(r: Resource, v: Volume): boolean {
  return v.backing !== undefined && (r.detachments.has(v) || v.diskPending > 0);
}

export function forceDetach(r: Resource, id: number, v: Volume): void {
  const detachment = r.detachments.get(v);
  if (detachment !== undefined && v.backing !== undefined) {
    v.backing.closingDisk = undefined;
    detachment.phase = "draining";
    // Safety: its metadata may still call it good; it takes nobody's place before it has been synced.
    v.diskBehind = true;
  } else {
    const failure = { what: "end its requests", error: "detached by force", metadata: true };
    onDiskFailed(r, v, failure);
  }
  for (const [token, task] of [...r.diskTasks]) {
    if (task.volume !== v) continue;
    onDiskDone(r, { kind: "disk-done", token, error: "EIO" });
    // The real end may still come.
    r.abandonedTokens.set(token, v);
  }
  abandonMetadata(r, v);
  detachNext(r, v);
  replyAdmin(r, id);
}
