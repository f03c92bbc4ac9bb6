/** What a disk server says of its DRBD resource, as far as the cluster needs it. */

export type DiskFacts = {
  /** The node at the other end. */
  readonly peer: string;
  readonly role: "Primary" | "Secondary" | "Unknown";
  /** DRBD's word for the worst of its volumes: UpToDate, Consistent, Outdated, Inconsistent, Diskless … */
  readonly disk: string;
  readonly peerRole: "Primary" | "Secondary" | "Unknown";
  readonly peerDisk: string;
  /** The two servers are connected (Connected, SyncSource, SyncTarget …): the peer's answers pings. */
  readonly connected: boolean;
  /** Guests' I/O is frozen until a fencing verdict. */
  readonly frozen: boolean;
};

export type FencingPolicy = "dont-care" | "resource-and-stonith";
