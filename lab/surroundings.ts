/**
 * What a lab's hosts need around them on the machine: its networks, the place where their mounts are kept, the power
 * switch. A reboot of the machine takes it away and leaves the hosts' disks.
 */
import { existsSync } from "node:fs";
import { isPinned, makeNamespaceDirectory, namespaceDirectory } from "./host/leftovers.ts";
import { isAlive } from "./machine/process-identity.ts";
import { applyCuts } from "./network/cuts.ts";
import { makeLan } from "./network/lan.ts";
import { startPdu } from "./pdu/start-pdu.ts";
import { lanNamespace, namespaceFile } from "./plan/lab-names.ts";
import { type LabState, registerLab } from "./plan/lab-state.ts";

/** Makes again what is missing; nothing where all is there. To be called before a host is booted. */
export async function ensureSurroundings(state: LabState): Promise<LabState> {
  registerLab(state);
  if (!existsSync(namespaceFile(lanNamespace(state.name)))) {
    await makeLan(state.name);
    await applyCuts(state.name, state.cuts);
  }
  if (!isPinned(namespaceDirectory(state.dir))) await makeNamespaceDirectory(state.dir);
  if (state.pdu !== undefined && isAlive(state.pdu)) return state;
  return { ...state, pdu: await startPdu(state) };
}
