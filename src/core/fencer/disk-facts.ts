/** What a disk server tells, as the cluster needs it: one copy for all the volumes of a resource. */
import type { DiskFacts } from "./types.ts";

/** One DRBD resource as its disk server sees it. */
export type DiskView = Omit<DiskFacts, "disk" | "peerDisk" | "ahead"> & {
  readonly volumes: readonly {
    /** DRBD's words. */
    readonly disk: string;
    readonly peerDisk: string;
    /** 16 hexadecimal digits; undefined without a disk. */
    readonly bitmapUuid: string | undefined;
  }[];
};

/** DRBD's order of disk states: the lower, the worse. */
const fromWorst: readonly string[] = [
  ...["Diskless", "Attaching", "Failed", "Negotiating", "Inconsistent"],
  ...["Outdated", "DUnknown", "Consistent", "UpToDate"],
];

export function diskFacts({ volumes, ...rest }: DiskView): DiskFacts {
  return {
    ...rest,
    disk: worst(volumes.map((volume) => volume.disk)),
    peerDisk: worst(volumes.map((volume) => volume.peerDisk)),
    ahead: volumes.length > 0 && volumes.every(({ bitmapUuid }) => isSet(bitmapUuid)),
  };
}

/** DRBD sets it when a Primary goes on without its peer, and clears it when the peer has all of that (section 5). */
function isSet(bitmapUuid: string | undefined): boolean {
  return bitmapUuid !== undefined && /[1-9A-Fa-f]/.test(bitmapUuid);
}

function worst(states: readonly string[]): string {
  return fromWorst.find((state) => states.includes(state)) ?? "Diskless";
}
