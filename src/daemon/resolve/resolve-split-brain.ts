/**
 * Ends a split brain by a person's word: one node's copy is kept, the other's changes are saved to a file and given up.
 * The steps are those of the manual way, in an order in which nothing is lost by stopping in the middle: until the
 * nodes connect again no block has been overwritten, and from then on what is overwritten is in the file.
 */
import type { DiskChangedBlocks, DiskUndo } from "../../api/disk-protocol.ts";
import type { DiskResourceStatus } from "../../api/disk-status.ts";
import { UserError } from "../../api/user-error.ts";
import { assert, present } from "../../base/assert.ts";
import { resolveObjection } from "../../core/replication/generation/resolve-objections.ts";
import { becomeSecondary, standAlone } from "./before-resolve.ts";
import type { DiskAsker, Tell } from "./disk-asker.ts";
import type { ResolveOrder } from "./resolve-order.ts";
import { resolveSide } from "./resolve-side.ts";
import { waitInSync } from "./wait-in-sync.ts";

export type Resolved = { readonly saved: readonly DiskUndo[] };

/** @throws UserError HF2187 when this may not be done, HF2188 when it did not come to its end. */
export async function resolveSplitBrain(
  disks: DiskAsker,
  order: ResolveOrder,
  tell: Tell,
): Promise<Resolved> {
  const { keep, lose } = order;
  await requireNoObjection(disks, order);
  await becomeSecondary(disks, lose, tell);
  await standAlone(disks, lose, tell);
  await standAlone(disks, keep, tell);
  const before = writtenKib(await disks.ask(keep, "status", {}));
  const saved = await saveLoser(disks, order, tell);
  const { volumes } = await disks.ask(lose, "status", {});
  // What the connection decides is what the person has said, whatever policies are configured.
  for (const node of [keep, lose]) await disks.ask(node, "after-split-brain", { by: "hand" });
  try {
    // Safety: between the saving and here somebody may have used a copy; and what is not saved is not given up.
    await requireNoObjection(disks, order);
    assert(saved.length === volumes.length, "what is going to be overwritten is saved");
    await disks.ask(lose, "connect", { discardMyData: true });
    await disks.ask(keep, "connect", {});
    tell(`${lose} connects to ${keep} and takes over its copy`);
    await waitInSync(disks, order, tell);
  } finally {
    for (const node of [keep, lose]) await decideByPolicy(disks, node, tell);
  }
  const usedMeanwhile = writtenKib(await disks.ask(keep, "status", {})) !== before;
  for (const { file } of saved) await disks.ask(lose, "undo-seal", { file, usedMeanwhile });
  tell(`both copies of ${order.resource} are UpToDate`);
  return { saved };
}

/** The configured policies count again. A node that can't be told has them after drbdadm adjust, or its next start. */
async function decideByPolicy(disks: DiskAsker, node: string, tell: Tell): Promise<void> {
  try {
    await disks.ask(node, "after-split-brain", { by: "policy" });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    tell(`${node} keeps no after-sb policy until drbdadm adjust there: ${error.message}`);
  }
}

async function requireNoObjection(
  disks: DiskAsker,
  { resource, keep, lose }: ResolveOrder,
): Promise<void> {
  const keeper = await disks.ask(keep, "status", {});
  const loser = await disks.ask(lose, "status", {});
  for (const { volume } of keeper.volumes) {
    const facts = {
      keep: resolveSide(keep, keeper, volume),
      lose: resolveSide(lose, loser, volume),
    };
    const objection = resolveObjection(facts);
    if (objection === undefined) continue;
    throw new UserError("HF2187", `${resource} cannot be resolved: ${objection.message(facts)}`, {
      remedy: objection.remedy(facts).replaceAll("RES", resource),
    });
  }
}

async function saveLoser(
  disks: DiskAsker,
  { keep, lose }: ResolveOrder,
  tell: Tell,
): Promise<readonly DiskUndo[]> {
  const keeper = await disks.ask(keep, "status", {});
  const saved: DiskUndo[] = [];
  for (const { volume } of keeper.volumes) {
    await tellChanges(disks, { keep, lose, volume });
    const peerCurrent = generationOf(keeper, volume);
    const reason = `split brain resolved: ${keep} kept`;
    const undo = await disks.ask(lose, "undo-save", { volume, peerCurrent, reason });
    tell(`saved ${undo.dataKib} KiB of ${lose} to ${undo.file}`);
    saved.push(undo);
  }
  return saved;
}

/** The loser is told which blocks the other has changed: they, too, are going to be overwritten. */
async function tellChanges(
  disks: DiskAsker,
  { keep, lose, volume }: { readonly keep: string; readonly lose: string; readonly volume: number },
): Promise<void> {
  let first = true;
  for (let from: number | undefined = 0; from !== undefined; ) {
    const page: DiskChangedBlocks = await disks.ask(keep, "changed-blocks", { volume, from });
    const runs = page.runs.flat();
    await disks.ask(lose, "undo-collect", { volume, runs, first });
    first = false;
    from = page.next;
  }
}

/** Grows with every write of a user; the source of a resync writes nothing for it. */
function writtenKib({ volumes }: DiskResourceStatus): number {
  return volumes.reduce((sum, { counters }) => sum + counters.writtenKib, 0);
}

function generationOf(status: DiskResourceStatus, number: number): string {
  const volume = status.volumes.find((one) => one.volume === number);
  return present(volume?.generation, "an attached volume has a generation").current;
}
