/** Work on CIBs that needs no cluster, in a process of its own: holdfastd may be down, or has other things to do. */
import { type ClusterClient, clusterClient } from "./cluster-client.ts";

export async function withoutCluster<T>(work: (client: ClusterClient) => Promise<T>): Promise<T> {
  const client = clusterClient("");
  try {
    return await work(client);
  } finally {
    client.close();
  }
}
