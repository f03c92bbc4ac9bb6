/** The tests of LINBIT's collection that have no scenario here, by the reason why. */
export const notHere: readonly { readonly reason: string; readonly names: string }[] = [
  {
    reason: "Three and more nodes in one resource. A DRBD resource has two here, as in 8.4.",
    names: `add-disk day0-uuid-three-node diskless-connect-older diskless-join-leave
      diskless-primary-lost-peer-same-uuid diskless-primary-resync-absent-peer
      diskless-primary-uuid-bump-diskless-peer initial-uuid-uptodate max-peers-differ migrate outdate-not-all
      peer-acks recreate-node-day0 recreate-node-day0-diskless resize-after-new-current resize-one
      resync-after-failover-to-dless resync-between-targets resync-chain-close resync-double-target
      resync-downstream-upstream resync-finish2 resync-from-weak resync-interrupt-conflict resync-reconciliation
      resync-to-older resync-upstream-downstream resync-w-dless-pri storage-migration-uuid switch-sync-source
      twopc-abort-connect twopc-abort-connect2`,
  },
  {
    reason: "Quorum is DRBD 9's. Membership, fencing and evidence decide here.",
    names: `quorate-data-divergence quorum quorum-check-quorumless quorum-degraded-join quorum-failover-reconnect
      quorum-far-away-and-down quorum-isolate-primary quorum-lost-uuid quorum-multi-volume
      quorum-suspend-failover-busy quorum-suspend-failover-dless quorum-suspend-timeout quorum-suspended-cancel
      quorum-tiebreaker quorum-tiebreaker-flag`,
  },
  {
    reason: "Several paths, other transports and network namespaces are DRBD 9's.",
    names: `add-path-multiple-times del-path-during-connect lb-tcp multi-path net-namespaces
      net-namespaces-config-change`,
  },
  {
    reason: "About the kernel's block device, its memory or its module, which are not there.",
    names: `autopromote bitmap-oom discard-granularity diskless-logical-block-size may-promote ref-count
      suspend-io-bdev-freeze`,
  },
  {
    reason:
      "Settings, or changes of the configuration of a running resource, that only DRBD 9 has.",
    names:
      "add-disk-concurrent max-parallel-resyncs resync-var-bm-bsize resync-without-replication",
  },
  {
    reason:
      "About snapshots of several nodes' storage at one moment, which is the storage's affair.",
    names: "consistent-snapshots",
  },
  {
    reason: "About names in the configuration: the tests of drbdadm's grammar have them.",
    names: "invalid-names rename",
  },
  {
    reason: "A resource has at least one volume here.",
    names: "connect-no-volumes",
  },
  {
    reason: "Changes of size: the tests of the volumes' growing have them.",
    names: "attach-while-connected-resize resize",
  },
  {
    reason: "Not built: an order of resyncs.",
    names: "resync-after",
  },
];
