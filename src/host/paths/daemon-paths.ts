/** Where holdfastd keeps what lives as long as it does. */
import path from "node:path";
import { runDirectory } from "./run-paths.ts";

export function daemonSocket(): string {
  return path.join(runDirectory(), "holdfastd.sock");
}

export function daemonLock(): string {
  return path.join(runDirectory(), "holdfastd.lock");
}

/** What must survive a restart. HOLDFAST_STATE_DIR moves it, as HOLDFAST_RUN_DIR moves the others. */
export function stateDirectory(): string {
  return process.env["HOLDFAST_STATE_DIR"] ?? "/var/lib/holdfast";
}

/** drbd-utils' own, where its tools look for the sizes that devices had. */
export function lastKnownDirectory(): string {
  const moved = process.env["HOLDFAST_STATE_DIR"];
  return moved === undefined ? "/var/lib/drbd" : path.join(moved, "drbd");
}
