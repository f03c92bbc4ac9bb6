/** The name of the node on which a command runs. */
import { hostname } from "node:os";
import type { CommandShell } from "./command-shell.ts";

/** As the daemon calls it; for a CIB in a file the host's own name. */
export async function localNode(shell: CommandShell): Promise<string> {
  const { live } = await shell.cluster.ask("status");
  return live?.node ?? hostname();
}
