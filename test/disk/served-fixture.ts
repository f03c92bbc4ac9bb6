/** A disk server in this process, in a run directory of its own, over a sparse file. */
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { diskLog } from "../../src/daemon/disk-server/disk-log.ts";
import type { ServedMachine } from "../../src/daemon/disk-server/disk-server.ts";
import { ServedProcess } from "../../src/daemon/disk-server/served-process.ts";
import { controlRequest } from "../../src/host/control/control-client.ts";
import { type DiskPaths, diskPaths } from "../../src/host/paths/run-paths.ts";
import { resourceConfig } from "./resource-config.ts";
import { StandaloneMachine } from "./standalone-machine.ts";

export type ServedFixture = {
  readonly directory: string;
  readonly file: string;
  readonly device: string;
  readonly paths: DiskPaths;
  readonly served: ServedProcess;
  /** The log's lines. */
  readonly log: string[];
  /** Exit statuses: the process would have ended with them. */
  readonly exits: number[];
  readonly uri: (exportName?: string) => string;
  ask(method: string, params?: Readonly<Record<string, unknown>>): Promise<unknown>;
};

export async function withServed(
  body: (fixture: ServedFixture) => Promise<void>,
  options: { readonly sizeBytes?: number; readonly machine?: ServedMachine } = {},
): Promise<void> {
  const directory = mkdtempSync(path.join(tmpdir(), "holdfast-disk-"));
  process.env["HOLDFAST_RUN_DIR"] = path.join(directory, "run");
  process.env["HOLDFAST_STATE_DIR"] = path.join(directory, "state");
  process.env["HOLDFAST_LOG_DIR"] = directory;
  const file = path.join(directory, "volume");
  const device = path.join(directory, "drbd0");
  writeFileSync(file, "");
  truncateSync(file, options.sizeBytes ?? 64 * 1024 * 1024);
  const config = { ...resourceConfig("r0", { disk: file }) };
  const [volume] = config.volumes;
  if (volume === undefined) throw new Error("the resource has a volume");
  const log: string[] = [];
  const exits: number[] = [];
  const served = new ServedProcess({
    config: { ...config, volumes: [{ ...volume, device }] },
    machine: options.machine ?? new StandaloneMachine(),
    log: diskLog("r0", (line) => log.push(line)),
    exit: (status) => exits.push(status),
  });
  const paths = diskPaths("r0");
  await served.start();
  try {
    await body({
      directory,
      file,
      device,
      paths,
      served,
      log,
      exits,
      uri: (name = "0") => `nbd+unix:///${name}?socket=${paths.nbdSocket(0)}`,
      ask: (method, params) =>
        controlRequest(paths.controlSocket, "the disk server", method, params),
    });
  } finally {
    await served.server.stop();
    await served.close();
    rmSync(directory, { recursive: true, force: true });
  }
}
