/** Work on CIBs that needs no cluster, in a process of its own: holdfastd may be down, or has other things to do. */
import type { ClusterClient } from "./cluster-client.ts";
import type { CommandShell } from "./command-shell.ts";

export async function withoutCluster<T>(
  shell: CommandShell,
  work: (client: ClusterClient) => Promise<T>,
): Promise<T> {
  const client = shell.withoutCluster();
  try {
    return await work(client);
  } finally {
    client.close();
  }
}
