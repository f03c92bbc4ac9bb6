/**
 * holdfastd [--detach] [--log-file FILE]: the cluster's daemon on this host, in the foreground until it is told to end.
 *
 * SIGTERM and SIGINT end it as for a restart: the others wait for it, guests and disks are left alone. `holdfast node leave`
 * moves the guests away first. HOLDFAST_READY_FD names a descriptor on which one line of JSON is written when it serves
 * or cannot: {} or an error.
 */
import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { flushCompileCache } from "node:module";
import path from "node:path";
import { parseArgs } from "node:util";
import { UserError } from "../../api/user-error.ts";
import { clusterGroup } from "../../core/cib/acl/acl-user.ts";
import { controlError } from "../../host/control/control-error.ts";
import { serveControl } from "../../host/control/control-server.ts";
import { hostFiles } from "../../host/files/files.ts";
import { daemonLock, daemonSocket, stateDirectory } from "../../host/paths/daemon-paths.ts";
import { runDirectory } from "../../host/paths/run-paths.ts";
import { bootId, nodeUuid } from "../../host/random/node-identity.ts";
import { groupId } from "../../host/users/users.ts";
import { readClusterConfig } from "./cluster-config.ts";
import { takeDaemonLock } from "./daemon-lock.ts";
import { type DaemonLog, daemonLog } from "./daemon-log.ts";
import { farewellMsMax, restartHoldMs } from "./daemon-times.ts";
import { startDetached } from "./detach.ts";
import { Holdfastd } from "./holdfastd.ts";
import { daemonMethods } from "./live-methods.ts";
import { reportStart } from "./start-report.ts";
import { readStoredState } from "./state-files.ts";

const usage = `usage: holdfastd [--detach] [--log-file FILE]

The cluster's daemon on this host. It reads /etc/ha.d/ha.cf (or /etc/heartbeat/ha.cf), authkeys beside it, and
/etc/drbd.conf, and runs in the foreground until it is told to end (SIGTERM).

  --detach         start it in the background; returns when it serves, or says why it cannot
  --log-file FILE  write the log there instead of to standard error
  --check          only say how the configuration is understood
  --version        print the version
  --help           print this text

Exit codes: 0 ended as it was told, 70 a bug of its own, 78 the configuration is refused, 100 it runs already,
1 anything else.
`;

const exitBug = 70;
const drbdConf = "/etc/drbd.conf";

await main();

async function main(): Promise<void> {
  const options = readOptions();
  if (options === undefined) return;
  const log = daemonLog({
    toJournal: process.env["JOURNAL_STREAM"] !== undefined && options.logFile === undefined,
    write: logWriter(options.logFile),
  });
  try {
    if (options.detach) await startDetached(options.logFile);
    else if (options.check) reportStart(log, readClusterConfig(drbdConf), version());
    else await serve(log);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const remedy = error.remedy === undefined ? "" : ` ${error.remedy}`;
    log("error", `Not started: ${error.message} [${error.code}].${remedy}`);
    tellReady({ error: controlError(error) });
    process.exit(error.exit ?? 1);
  }
}

async function serve(log: DaemonLog): Promise<void> {
  if (process.getuid?.() !== 0) {
    throw new UserError("HF4641", "holdfastd has to run as root", { remedy: "Start it as root." });
  }
  takeDaemonLock(daemonLock());
  const config = readClusterConfig(drbdConf);
  reportStart(log, config, version());
  const state = stateDirectory();
  mkdirSync(state, { recursive: true, mode: 0o700 });
  const daemon = new Holdfastd({
    ...{ config, log, version: version() },
    stored: await readStoredState(hostFiles(), state),
    identity: {
      uuid: nodeUuid(path.join(state, "node-uuid")),
      bootId: bootId(path.join(runDirectory(), "boot-id")),
    },
    onGone: () => end(log, daemon, 0),
  });
  failStop(log);
  await daemon.start();
  await serveControl({
    socketPath: daemonSocket(),
    methods: daemonMethods(daemon, version()),
    onBug: (error) => fail(log, error),
    group: groupId(clusterGroup),
  });
  endOnSignals(log, daemon);
  log("info", "Serving.", { pid: process.pid });
  tellReady({});
  // Node.js writes it when a process ends by itself; a daemon is mostly ended by something else.
  flushCompileCache();
}

/** A bug of ours: the node stops, and the others go on as after any loss. Nothing is tried to be saved. */
function failStop(log: DaemonLog): void {
  process.on("uncaughtException", (error) => fail(log, error));
  process.on("unhandledRejection", (error) => fail(log, error));
}

function fail(log: DaemonLog, error: unknown): never {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  log("error", `A bug of Holdfast's own; the daemon stops: ${text}`);
  process.exit(exitBug);
}

function endOnSignals(log: DaemonLog, daemon: Holdfastd): void {
  let isEnding = false;
  const farewell = (signal: string): void => {
    if (isEnding) return;
    isEnding = true;
    log("info", `${signal}: ending; guests and disks go on, the others wait for a restart.`);
    setTimeout(() => end(log, daemon, 0), farewellMsMax).unref();
    daemon.clients.ask({ kind: "restart", holdMs: restartHoldMs }).catch((error: unknown) => {
      log("warn", `The others could not be told: ${String(error)}`);
    });
  };
  process.on("SIGTERM", farewell);
  process.on("SIGINT", farewell);
  // A terminal that is closed is no reason to end.
  process.on("SIGHUP", () => undefined);
}

function end(log: DaemonLog, daemon: Holdfastd, code: number): void {
  daemon.close();
  log("info", "Ended.");
  // What was sent last leaves first.
  setTimeout(() => process.exit(code), 50);
}

type Options = {
  readonly detach: boolean;
  readonly check: boolean;
  readonly logFile: string | undefined;
};

/** Undefined when there is nothing more to do. */
function readOptions(): Options | undefined {
  try {
    const { values } = parseArgs({
      options: {
        detach: { type: "boolean" },
        check: { type: "boolean" },
        "log-file": { type: "string" },
        version: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
    if (values.help === true || values.version === true) {
      process.stdout.write(values.help === true ? usage : `holdfastd ${version()}\n`);
      return undefined;
    }
    return {
      detach: values.detach === true,
      check: values.check === true,
      logFile: values["log-file"],
    };
  } catch (error) {
    process.stderr.write(`holdfastd: ${(error as Error).message}\n\n${usage}`);
    process.exitCode = 64;
    return undefined;
  }
}

function logWriter(file: string | undefined): (line: string) => void {
  if (file === undefined) return (line) => process.stderr.write(line);
  mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
  const fd = openSync(file, "a", 0o640);
  return (line) => writeSync(fd, line);
}

function version(): string {
  const file = path.resolve(import.meta.dirname, "../../../package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { readonly version: string }).version;
}

function tellReady(line: object): void {
  const fd = Number(process.env["HOLDFAST_READY_FD"]);
  if (!Number.isInteger(fd) || fd < 3) return;
  writeSync(fd, `${JSON.stringify(line)}\n`);
  closeSync(fd);
}
