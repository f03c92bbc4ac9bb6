import type { Cluster } from "./types.ts";

/** Asks for a new run at a time (seconds since 1970) unless one is due earlier. */
export function recheckAt(cluster: Cluster, seconds: number): void {
  if (seconds > cluster.now && (cluster.recheckBy === 0 || seconds < cluster.recheckBy)) {
    cluster.recheckBy = seconds;
  }
}
