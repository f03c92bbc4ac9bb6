/** The disk servers of both nodes of a DRBD resource, wherever they are asked from. */
import type { DiskMethods } from "../../api/disk-protocol.ts";

export type DiskAsker = {
  /** @throws UserError as the disk server refuses, or when it or its node can't be reached. */
  ask<M extends keyof DiskMethods>(
    node: string,
    method: M,
    params: DiskMethods[M]["params"],
  ): Promise<DiskMethods[M]["result"]>;
};

/** Told as it goes on, in words for whoever waits. */
export type Tell = (text: string) => void;
