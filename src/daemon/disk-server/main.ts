/**
 * holdfast-disk RESOURCE [--config-stdin]: serves one DRBD resource until it is told to end. Started by drbdadm up; by
 * hand, without --config-stdin, with the configuration that it had last.
 *
 * HOLDFAST_READY_FD names a descriptor on which one line of JSON is written when it serves or cannot: {} or an error.
 */
import { randomBytes } from "node:crypto";
import { closeSync, writeSync } from "node:fs";
import { flushCompileCache } from "node:module";
import { parseArgs } from "node:util";
import type { DrbdResourceConfig } from "../../formats/drbd-conf/resource-config.ts";
import { controlError } from "../../host/control/control-error.ts";
import { KernelProcess } from "../kernel-disk/kernel-process.ts";
import { diskLog } from "./disk-log.ts";
import type { ServedMachine } from "./disk-server.ts";
import { makeMachine } from "./make-machine.ts";
import { readPast } from "./past-file.ts";
import { readConfig } from "./read-config.ts";
import { ServedProcess } from "./served-process.ts";

const usage = "usage: holdfast-disk RESOURCE [--config-stdin]\n";

await main();

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { "config-stdin": { type: "boolean" }, help: { type: "boolean", short: "h" } },
    allowPositionals: true,
  });
  const [resource, ...others] = positionals;
  if (values.help === true || resource === undefined || others.length > 0) {
    process.stdout.write(usage);
    process.exitCode = values.help === true ? 0 : 20;
    return;
  }
  const log = diskLog(resource, (line) => process.stderr.write(line));
  try {
    const config = readConfig(resource, values["config-stdin"] === true);
    const exit = (code: number): void => process.exit(code);
    const served =
      config.engine === "kernel"
        ? new KernelProcess({ config, log, exit })
        : new ServedProcess({ config, machine: newMachine(config), log, exit });
    process.on("uncaughtException", (error) => served.fail(error));
    process.on("SIGTERM", () => void served.onTerminate());
    process.on("SIGHUP", () => {});
    await served.start();
    log.info("serving", { pid: process.pid });
    tellReady({});
    // Node.js writes it when a process ends by itself; a server is mostly ended by something else.
    flushCompileCache();
  } catch (error) {
    const told = controlError(error);
    log.error(`cannot serve: ${told.message}`);
    tellReady({ error: told });
    process.exit(told.exit ?? 10);
  }
}

function newMachine(config: DrbdResourceConfig): ServedMachine {
  const past = readPast(config.name, Date.now());
  return makeMachine(config, randomBytes(8).readBigUInt64LE(), past);
}

function tellReady(line: object): void {
  const fd = Number(process.env["HOLDFAST_READY_FD"]);
  if (!Number.isInteger(fd) || fd < 3) return;
  writeSync(fd, `${JSON.stringify(line)}\n`);
  closeSync(fd);
}
