/**
 * Where a node keeps what lives as long as its processes. HOLDFAST_RUN_DIR and HOLDFAST_LOG_DIR move it, so that several
 * nodes fit on one machine without namespaces, as in tests.
 */
import path from "node:path";

export function runDirectory(): string {
  return process.env["HOLDFAST_RUN_DIR"] ?? "/run/holdfast";
}

export function logDirectory(): string {
  return process.env["HOLDFAST_LOG_DIR"] ?? "/var/log/holdfast";
}

/** Paths of one DRBD resource's disk server. */
export type DiskPaths = {
  readonly controlSocket: string;
  /** The configuration with which it runs. */
  readonly config: string;
  readonly lock: string;
  readonly log: string;
  nbdSocket(volume: number): string;
  /** Without a suffix: what is kept about a volume's block device. */
  blockDevice(volume: number): string;
};

export function diskPaths(resource: string): DiskPaths {
  const run = runDirectory();
  return {
    controlSocket: path.join(run, "disk", `${resource}.sock`),
    config: path.join(run, "disk", `${resource}.json`),
    lock: path.join(run, "disk", `${resource}.lock`),
    log: path.join(logDirectory(), `disk-${resource}.log`),
    nbdSocket: (volume) => path.join(run, "nbd", `${resource}-${volume}.sock`),
    blockDevice: (volume) => path.join(run, "block", `${resource}-${volume}`),
  };
}

/** The resources whose disk server has left something in the run directory; they need not be alive. */
export function diskSocketDirectory(): string {
  return path.join(runDirectory(), "disk");
}
