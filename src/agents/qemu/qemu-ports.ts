/** What the QEMU driver needs from outside, and what its parts share. */
import type { Clock } from "../../ports/clock.ts";
import type { Files } from "../../ports/files.ts";
import type { LineConnections } from "../../ports/line-connections.ts";
import type { Processes, ProcessIdentity } from "../../ports/processes.ts";
import type { Volumes } from "../../ports/volumes.ts";
import type { Accelerators } from "./accelerator.ts";
import type { QmpClient } from "./qmp-client.ts";
import type { RunDirectories } from "./run-paths.ts";

export type QemuPorts = {
  readonly processes: Processes;
  readonly files: Files;
  readonly clock: Clock;
  readonly lineConnections: LineConnections;
  readonly volumes: Pick<Volumes, "nbdExport">;
  readonly accelerators: Accelerators;
};

export type QemuSettings = {
  readonly directories: RunDirectories;
  /** Where memory is received: the first free port of these. */
  readonly migrationPorts: { readonly first: number; readonly last: number };
  /**
   * The key of one migration, as hex digits: the same on both nodes, and known to nobody outside the cluster, for
   * example a keyed digest of the id. It never travels.
   */
  readonly migrationKey: (id: string) => string;
};

export const defaultMigrationPorts: QemuSettings["migrationPorts"] = { first: 49152, last: 49215 };

export type QemuContext = QemuPorts &
  QemuSettings & {
    /** The connections of migrations under way, by guest. */
    readonly heldQmp: Map<string, QmpClient>;
    /** A process of each guest that was alive when it was last looked for. */
    readonly lastSeen: Map<string, ProcessIdentity>;
  };
