import type { DrbdResourceConfig } from "../../formats/drbd-conf/resource-config.ts";
import type { DiskServer } from "./disk-server.ts";

export type EndOptions = {
  /** Also while volumes are open. */
  readonly force: boolean;
  /** Clients are sent away, and wait for the server that is started next. */
  readonly clientsReturn: boolean;
};

/** What the process around a disk server contributes. */
export type ServerProcess = {
  readonly server: DiskServer;
  /** With which it runs; changed by `adjust`. */
  config: DrbdResourceConfig;
  keepConfig(config: DrbdResourceConfig): void;
  shutdown(options: EndOptions): Promise<void>;
};
