/** Waits for the resync that a person's word has begun, and says how far it is. */
import { setTimeout as sleep } from "node:timers/promises";
import type { DiskResourceStatus } from "../../api/disk-status.ts";
import { UserError } from "../../api/user-error.ts";
import type { DiskAsker, Tell } from "./disk-asker.ts";
import type { ResolveOrder } from "./resolve-order.ts";

const lookEveryMs = 250;
/** Two that are not connected by then don't reach each other. */
const connectMsMax = 60_000;
/** The resync's progress is told not more often. */
const tellEveryMs = 5000;

/** @throws UserError HF2188 when the nodes don't connect, or part again; the loser is StandAlone then. */
export async function waitInSync(
  disks: DiskAsker,
  { resource, keep, lose }: ResolveOrder,
  tell: Tell,
): Promise<void> {
  const startedAt = performance.now();
  let toldAt = startedAt;
  for (let wasConnected = false; ; await sleep(lookEveryMs)) {
    const [keeper, loser] = [
      await disks.ask(keep, "status", {}),
      await disks.ask(lose, "status", {}),
    ];
    if (isInSync(keeper) && isInSync(loser)) return;
    wasConnected ||= loser.connection.state === "Connected";
    const now = performance.now();
    const late = !wasConnected && now - startedAt > connectMsMax;
    const refused = [keeper, loser].some(({ connection }) => connection.state === "StandAlone");
    if (late || refused) {
      await disks.ask(lose, "disconnect", { force: true });
      throw notResolved(
        resource,
        loser,
        late ? "the two nodes do not reach each other" : "the connection was refused",
      );
    }
    if (now - toldAt > tellEveryMs) {
      toldAt = now;
      tell(progressOf(loser));
    }
  }
}

function isInSync({ connection, volumes }: DiskResourceStatus): boolean {
  return (
    connection.state === "Connected" &&
    volumes.every(
      (one) =>
        one.connectionState === "Connected" &&
        one.disk === "UpToDate" &&
        one.peerDisk === "UpToDate",
    )
  );
}

function progressOf({ connection, volumes }: DiskResourceStatus): string {
  const totals = volumes.flatMap(({ resync }) => (resync === undefined ? [] : [resync]));
  const total = totals.reduce((sum, each) => sum + each.totalKib, 0);
  const left = totals.reduce((sum, each) => sum + each.leftKib, 0);
  if (total === 0) return `waiting: ${connection.state}`;
  return `resync: ${total - left} of ${total} KiB`;
}

function notResolved(resource: string, loser: DiskResourceStatus, why: string): UserError {
  const decided = loser.volumes.map((one) => one.lastSyncDecision).join(", ");
  return new UserError(
    "HF2188",
    `${resource} is not resolved: ${why} (last decision: ${decided})`,
    {
      remedy: `Both logs of the disk servers say more: /var/log/holdfast/disk-${resource}.log. Give the command again when the cause is gone.`,
    },
  );
}
