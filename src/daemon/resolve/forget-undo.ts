/** Deletes what was saved of a DRBD resource, on all its nodes: by a person's word, after which nothing comes back. */
import type { DiskUndo } from "../../api/disk-protocol.ts";
import { UserError } from "../../api/user-error.ts";
import type { DiskAsker, Tell } from "./disk-asker.ts";

export type ForgetOrder = { readonly resource: string; readonly nodes: readonly string[] };

/**
 * A node that is not reached keeps its files, and that is told: room is mostly needed on the other one.
 * @returns what is deleted. @throws UserError HF2182 when nothing is saved, or no node can be reached.
 */
export async function forgetUndo(
  disks: DiskAsker,
  { resource, nodes }: ForgetOrder,
  tell: Tell,
): Promise<readonly DiskUndo[]> {
  const forgotten: DiskUndo[] = [];
  const unreached: string[] = [];
  for (const node of nodes) {
    const files = await filesOn(disks, node);
    if (files === undefined) {
      unreached.push(node);
      tell(`${node} is not reached: what is saved there stays`);
    }
    for (const undo of files ?? []) {
      await disks.ask(node, "undo-forget", { file: undo.file });
      tell(`deleted ${node}:${undo.file} (${undo.dataKib} KiB, ${undo.reason})`);
      forgotten.push({ ...undo, node });
    }
  }
  if (forgotten.length > 0) return forgotten;
  const reached = nodes.filter((node) => !unreached.includes(node));
  const where = reached.length === 0 ? "any node that is reached" : reached.join(" or ");
  throw new UserError("HF2182", `no changes of ${resource} are saved on ${where}`);
}

async function filesOn(disks: DiskAsker, node: string): Promise<readonly DiskUndo[] | undefined> {
  try {
    return await disks.ask(node, "undo-list", {});
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
