/**
 * Inputs about which Debian's Pacemaker 2.1.5 says something else than 3.0, whose decisions Holdfast follows, with the
 * reason; each was seen to be so with the tools of 3.0.2 on the same input. And where both err.
 */

const timeStamps = "2.1 reads no times in in_ccm and crmd: the nodes are offline to it";
const noKey = "2.1 leaves out failed operations that could not be executed and have no key";
const maintenance = "2.1 calls a resource in maintenance unmanaged, and in another place";

const alike: Readonly<Record<string, string>> = {
  "coloc-cloned-group-promoted-dependent1": timeStamps,
  "coloc-cloned-group-promoted-dependent2": timeStamps,
  "coloc-optional-promoted-dependent-moves-2": timeStamps,
  "coloc-optional-promoted-dependent-stays-1": timeStamps,
  "coloc-optional-promoted-dependent-stays-2": timeStamps,
  "994": noKey,
  "994-2": noKey,
  group9: noKey,
  "stonith-0": noKey,
  "expired-stop-1": "a failed stop that has expired holds nothing since 3.0",
  "leftover-pending-monitor":
    "2.1 takes two schedulers' feature sets for a mixed version, and tells of a monitor left pending",
  "pending-node-no-uname": "2.1 knows no nodes that are pending for lack of a name",
  "promoted-demote": "2.1 says of a group's stopped member nothing of its failed probe",
  "rsc-maintenance": maintenance,
  "stop-failure-no-quorum": "2.1 lists a node that runs a blocked instance as stopped, too",
  "unmanaged-promoted": "2.1 lists a node that runs a blocked instance as stopped, too",
  "priority-fencing-delay": "2.1 lists agents in the order of its hash table",
};

/** With --brief and --inactive both versions count what is left in the history of resources that were removed. */
const leftovers: ReadonlySet<string> = new Set([
  "bug-5059",
  "bug-lf-2361",
  "bug-lf-2493",
  "bundle-connection-with-container",
  "clone-anon-dup",
  "coloc-intra-set",
  "obsolete-lrm-resource",
  "remote-orphaned2",
]);

/** Their guests run something once the transition is done. */
const withBusyGuests: ReadonlySet<string> = new Set([
  "nested-remote-recovery",
  "whitebox-nested-group",
]);

/** Undefined where the two should say the same. */
export function whyElsewhere(name: string, words: readonly string[]): string | undefined {
  if (Object.hasOwn(alike, name)) return alike[name];
  if (leftovers.has(name) && words.includes("-b") && words.includes("-r"))
    return "we do not count what is left of removed resources: they are configured no more";
  if (withBusyGuests.has(name) && words.includes("-u"))
    return "with -u Pacemaker (3.0, too) makes a cluster node of every guest that something is done on, and finds it offline";
  const hasBans = words.some((word) => /^-L|xml|bans/.test(word));
  return hasBans && name.startsWith("ticket-")
    ? "to list bans, 2.1 reads constraints before it looks at nodes: a lost ticket has condemned them then"
    : undefined;
}
