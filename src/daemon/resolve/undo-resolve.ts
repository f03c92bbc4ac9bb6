/** Brings back what a resolved split brain has cost: the saved blocks are written on both nodes. */
import type { DiskUndo } from "../../api/disk-protocol.ts";
import { UserError } from "../../api/user-error.ts";
import { becomeSecondary } from "./before-resolve.ts";
import type { DiskAsker, Tell } from "./disk-asker.ts";

export type UndoOrder = {
  readonly resource: string;
  readonly nodes: readonly string[];
  /** Overwrite also what was written since. */
  readonly force: boolean;
};

/** @returns the files of what stood there before. @throws UserError HF2182 when nothing is saved; as the disks refuse. */
export async function undoResolve(
  disks: DiskAsker,
  order: UndoOrder,
  tell: Tell,
): Promise<readonly DiskUndo[]> {
  const files = await newestFiles(disks, order);
  const [newest] = files;
  if (newest === undefined) {
    throw new UserError(
      "HF2182",
      `no changes of ${order.resource} are saved on ${order.nodes.join(" or ")}`,
    );
  }
  const { node } = newest;
  await requireUnused(disks, order);
  for (const other of order.nodes) if (other !== node) await becomeSecondary(disks, other, tell);
  const { role } = await disks.ask(node, "status", {});
  if (role !== "Primary") await disks.ask(node, "primary", {});
  const saved: DiskUndo[] = [];
  try {
    for (const { file, dataKib } of files) {
      saved.push(await disks.ask(node, "undo-apply", { file, force: order.force }));
      tell(`${dataKib} KiB are brought back from ${file}`);
    }
  } finally {
    if (role !== "Primary") await disks.ask(node, "secondary", {});
  }
  return saved;
}

/** Of each volume the newest, on the node that has the newest of all. */
async function newestFiles(disks: DiskAsker, { nodes }: UndoOrder): Promise<readonly DiskUndo[]> {
  const all: DiskUndo[] = [];
  for (const node of nodes) {
    for (const undo of await disks.ask(node, "undo-list", {})) all.push({ ...undo, node });
  }
  all.sort((a, b) => b.savedAtMs - a.savedAtMs);
  const node = all[0]?.node;
  const ofVolume = new Map<number, DiskUndo>();
  for (const undo of all) {
    if (undo.node === node && !ofVolume.has(undo.volume)) ofVolume.set(undo.volume, undo);
  }
  return [...ofVolume.values()];
}

async function requireUnused(disks: DiskAsker, { resource, nodes }: UndoOrder): Promise<void> {
  for (const node of nodes) {
    const { volumes } = await disks.ask(node, "status", {});
    if (!volumes.some(({ isOpen }) => isOpen)) continue;
    throw new UserError("HF2183", `${resource} is in use on ${node}`, {
      remedy: `Stop the guest that uses it (crm_resource --resource GUEST --set-parameter target-role --meta --parameter-value Stopped), then give the command again.`,
    });
  }
}
