/** What has to be so on a node before its copy may be replaced, and how it comes about. */
import type { DiskAsker, Tell } from "./disk-asker.ts";

export async function becomeSecondary(disks: DiskAsker, node: string, tell: Tell): Promise<void> {
  if ((await disks.ask(node, "status", {})).role === "Secondary") return;
  await disks.ask(node, "secondary", {});
  tell(`${node} is Secondary`);
}

export async function standAlone(disks: DiskAsker, node: string, tell: Tell): Promise<void> {
  if ((await disks.ask(node, "status", {})).connection.state === "StandAlone") return;
  // It is not connected: nobody is there to be asked.
  await disks.ask(node, "disconnect", { force: true });
  tell(`${node} is StandAlone`);
}
