/**
 * The replicated disks of this node, as those who run guests see them. Each is a DRBD resource served by a disk
 * server; a refusal is a value with DRBD's own words, since the world refuses all the time.
 */
export type Volumes = {
  status(resource: string): Promise<VolumeAnswer<VolumeStatus>>;
  /** Secondary -> Primary. `force` as in `drbdadm primary --force`. */
  promote(resource: string, options?: { readonly force?: boolean }): Promise<VolumeAnswer<void>>;
  /**
   * Primary -> Secondary; refused while the device is held open. No error when it is Secondary already.
   * `takeAway`: whoever holds it open is cut off first; what they asked for before is done when this is answered.
   */
  demote(resource: string, options?: { readonly takeAway?: boolean }): Promise<VolumeAnswer<void>>;
  /** The NBD unix socket and export of a volume. `standby` may be opened on a Secondary; its I/O fails until promotion. */
  nbdExport(resource: string, options: { readonly standby: boolean }): VolumeExport;
};

export type VolumeAnswer<T> =
  | { readonly ok: true; readonly value: T }
  /** `code` as DRBD's state change errors (-1, -2, -12 …), or 0 when the disk server could not be asked. */
  | { readonly ok: false; readonly code: number; readonly message: string };

export type VolumeStatus = {
  readonly role: "Primary" | "Secondary" | "Unknown";
  readonly disk: string;
  readonly peerRole: "Primary" | "Secondary" | "Unknown";
  readonly peerDisk: string;
  readonly connection: string;
  readonly sizeBytes: number;
};

export type VolumeExport = { readonly socketPath: string; readonly exportName: string };
