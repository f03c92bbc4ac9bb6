/** A guest, as its domain file describes it. */
import type { Place } from "../config-text/place.ts";
import type { XlValue } from "./xl-config.ts";

export type XlDomain = {
  readonly file: string;
  /** Absent in a file without `name`: xm then took the file's name, the OCF agent the resource's id. */
  readonly name: string | undefined;
  readonly uuid: string | undefined;
  readonly type: XlDomainType;
  readonly kernel: string | undefined;
  readonly ramdisk: string | undefined;
  /** The kernel's command line: `cmdline`, else `root=ROOT EXTRA`, as xl puts it together. */
  readonly commandLine: string;
  readonly root: string | undefined;
  readonly extra: string | undefined;
  readonly bootloader: string | undefined;
  /** For hvm: what to boot from, as letters (c disk, d cdrom, n network). */
  readonly boot: string | undefined;
  readonly memoryMib: number;
  readonly maxmemMib: number;
  readonly vcpus: number;
  readonly maxvcpus: number;
  readonly disks: readonly XlDisk[];
  readonly vifs: readonly XlVif[];
  readonly onPoweroff: XlAction;
  readonly onReboot: XlAction;
  readonly onCrash: XlAction;
  /** The guest must not be moved while it runs. */
  readonly nomigrate: boolean;
  /** Keys without effect, with their values. */
  readonly others: ReadonlyMap<string, XlValue>;
};

export const xlDomainTypes = ["pv", "pvh", "hvm"] as const;
export type XlDomainType = (typeof xlDomainTypes)[number];

export const xlActions = [
  "destroy",
  "restart",
  "rename-restart",
  "preserve",
  "coredump-destroy",
  "coredump-restart",
  "soft-reset",
] as const;
export type XlAction = (typeof xlActions)[number];

export const xlDiskFormats = ["raw", "qcow", "qcow2", "vhd", "qed", "empty"] as const;
export type XlDiskFormat = (typeof xlDiskFormats)[number];

export type XlDisk = {
  readonly place: Place;
  /** The whole specification, as written. */
  readonly text: string;
  /** What the guest sees it as, without /dev/: xvda, hdc … */
  readonly vdev: string;
  readonly access: "rw" | "ro";
  readonly cdrom: boolean;
  readonly format: XlDiskFormat;
  readonly source: XlDiskSource;
  /** Undefined: not said. */
  readonly discard: boolean | undefined;
};

export type XlDiskSource =
  /** `drbd:RES`, or a `block-drbd` script with that target. */
  | { readonly kind: "drbd"; readonly resource: string }
  /** A device: `phy:`, or a path under /dev. */
  | { readonly kind: "device"; readonly path: string }
  | { readonly kind: "file"; readonly path: string }
  /** Another block script of Xen's, with its target. */
  | { readonly kind: "script"; readonly script: string; readonly target: string }
  /** A CD drive without a disc. */
  | { readonly kind: "empty" };

export type XlVif = {
  readonly place: Place;
  readonly text: string;
  /** Six octets in lower case; undefined when one is to be made. */
  readonly mac: string | undefined;
  /** xl's own default is xenbr0. */
  readonly bridge: string;
  readonly script: string | undefined;
  /** Addresses, parted by blanks. */
  readonly ip: string | undefined;
  readonly model: string | undefined;
  readonly type: "vif" | "ioemu" | undefined;
  /** The name of the interface on the host. */
  readonly vifname: string | undefined;
  readonly rate: string | undefined;
  readonly mtu: number | undefined;
};
