/** What the configuration says that is not taken as it is written. */
import type { Cluster, Issue } from "./types.ts";

/** A CIB that is wrong everywhere must not fill the memory. */
const issuesMax = 1000;

export function configError(cluster: Cluster, message: string): void {
  add(cluster, { severity: "error", message });
}

export function configWarning(cluster: Cluster, message: string): void {
  add(cluster, { severity: "warning", message });
}

function add(cluster: Cluster, issue: Issue): void {
  if (cluster.issues.length >= issuesMax) return;
  if (cluster.issues.some((known) => known.message === issue.message)) return;
  cluster.issues.push(issue);
}
