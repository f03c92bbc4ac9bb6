import type { DrbdResourceConfig } from "../../formats/drbd-conf/resource-config.ts";
import type { DiskServer } from "./disk-server.ts";

/** What the process around a disk server contributes. */
export type ServerProcess = {
  readonly server: DiskServer;
  /** With which it runs; changed by `adjust`. */
  config: DrbdResourceConfig;
  keepConfig(config: DrbdResourceConfig): void;
  shutdown(force: boolean): Promise<void>;
};
