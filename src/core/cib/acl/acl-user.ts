/** Somebody whom the CIB's access rules may restrict. */

export type AclUser = {
  readonly name: string;
  /** The groups that the user is in, by name. */
  readonly groups: readonly string[];
};

/** The cluster's own account, besides root: no rule restricts it. */
export const clusterAccount = "hacluster";

/** Group whose members may speak to the cluster. */
export const clusterGroup = "haclient";

export function isUnrestrictedName(name: string): boolean {
  return name === "root" || name === clusterAccount;
}
