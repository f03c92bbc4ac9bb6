/**
 * Words that DRBD 9 added to the grammar. A file with them is read as far as 8.4's model goes; each of those
 * that have no effect is named in a warning. They are no keywords: a host may be called `path`.
 */

export const drbd9Options: ReadonlySet<string> = new Set([
  "quorum",
  "quorum-minimum-redundancy",
  "on-no-quorum",
  "auto-promote",
  "auto-promote-timeout",
  "peer-ack-window",
  "peer-ack-delay",
  "twopc-timeout",
  "twopc-retry-timeout",
  "max-io-depth",
  "on-suspended-primary-outdated",
  "drbd8-compat-mode",
  "transport",
  "tls-keyring",
  "tls-privkey",
  "tls-certificate",
  "load-balance-paths",
  "rdma-ctrl-rcvbuf-size",
  "rdma-ctrl-sndbuf-size",
  "auto-discard",
  "block-size",
  "bitmap",
  "discard-granularity",
  "disk-drain-timeout",
  "peer-tiebreaker",
  "resync-without-replication",
]);

/** Options of DRBD 9 that are obeyed here; they are in the option table. */
export const drbd9OptionsObeyed: ReadonlySet<string> = new Set(["tls"]);

export const drbd9Handlers: ReadonlySet<string> = new Set([
  "quorum-lost",
  "disconnected",
  "unfence-peer-source",
]);

/** Sections of a resource, with everything in them. */
export const drbd9Sections: ReadonlySet<string> = new Set([
  "connection",
  "connection-mesh",
  "path",
  "mesh",
]);

/** Statements that end with a semicolon, in a resource or a host section. */
export const drbd9Statements: ReadonlySet<string> = new Set(["node-id", "template-file"]);

export function isDrbd9FileStatement(word: string): boolean {
  return word === "template-file" || /^require-drbd-module-version-(eq|ne|gt|ge|lt|le)$/.test(word);
}
