/**
 * Beginning a new generation of the data: from here on this node's copy has what the peer's lacks. It is on disk before
 * anything is acknowledged that only this node has, and put off while I/O is frozen: then nothing is acknowledged.
 */
import { assert } from "../../../base/assert.ts";
import { Conn, Disk, Role } from "../../../formats/drbd/drbd-state.ts";
import { sendUuids } from "../connection/send-parameters.ts";
import { notice } from "../emit.ts";
import { writeSuperblock } from "../metadata/metadata-writer.ts";
import type { Resource } from "../resource.ts";
import { recompute } from "../state/state-change.ts";
import type { Volume } from "../volume.ts";
import { formatUuid, formatUuids, randomUuid, startGeneration } from "./generation-uuids.ts";

/** The peer's copy is about to be left behind, or may be. Nothing happens if it has been before. */
export function wantNewGeneration(r: Resource, v: Volume): void {
  if (v.backing === undefined || v.backing.uuids.bitmap !== 0n) return;
  v.newGenerationPending = true;
  beginNewGeneration(r, v);
}

/** Begins a generation that is pending, unless I/O is frozen. */
export function beginNewGeneration(r: Resource, v: Volume): void {
  const { backing } = v;
  if (!v.newGenerationPending || r.suspFen || r.suspNod || r.susp) {
    recompute(r);
    return;
  }
  v.newGenerationPending = false;
  if (backing !== undefined && backing.uuids.bitmap === 0n && v.disk >= Disk.UpToDate) {
    newGeneration(r, v);
  } else {
    r.steps.push({ step: "generation-written", volume: v.number });
  }
  recompute(r);
}

/** The new generation, written at once; until then nothing is acknowledged that only this node has. */
export function newGeneration(r: Resource, v: Volume): void {
  const { backing } = v;
  assert(backing !== undefined, "a generation is that of an attached disk");
  assert(backing.uuids.bitmap === 0n, "the bitmap counts from one generation only");
  backing.uuids = startGeneration(backing.uuids, randomUuid(r.prng), r.role === Role.Primary);
  v.exposedUuid = backing.uuids.current;
  v.generationWriting = true;
  notice(r, "info", "new-current-uuid", `new current UUID ${formatUuids(backing.uuids)}`, {
    volume: v,
    fields: {
      current: formatUuid(backing.uuids.current),
      bitmap: formatUuid(backing.uuids.bitmap),
    },
  });
  writeSuperblock(r, v, { step: "generation-written", volume: v.number });
  if (r.link.conn === Conn.WFReportParams && v.conn >= Conn.Connected) sendUuids(r, v);
  recompute(r);
}

/** The new generation is on disk, or the disk has failed. */
export function onGenerationWritten(r: Resource, v: Volume): void {
  v.generationWriting = false;
  recompute(r);
}
