/**
 * The handlers of drbd.conf: programs that are told of something, or asked (fence-peer). Run by /bin/sh with DRBD's
 * environment variables. Specification section 13.7.
 */
import { spawn } from "node:child_process";
import {
  connectionHandlers,
  handlerEnvironment,
} from "../../formats/drbd-conf/handler-environment.ts";
import type { DrbdResourceConfig } from "../../formats/drbd-conf/resource-config.ts";
import type { DiskLog } from "./disk-log.ts";

/** What a handler that could not be run, or was killed, counts as: an answer that decides nothing. */
const exitCodeFailed = 127;

export class Handlers {
  /** Changed by `adjust`. */
  config: DrbdResourceConfig;
  readonly #log: DiskLog;

  constructor(config: DrbdResourceConfig, log: DiskLog) {
    this.config = config;
    this.#log = log;
  }

  has(name: string): boolean {
    return this.config.handlers[name] !== undefined;
  }

  /** Resolves with the exit code when the handler has ended; with 0 at once when there is none. */
  async run(name: string, volume?: number): Promise<number> {
    const command = this.config.handlers[name];
    if (command === undefined) return 0;
    // As the kernel has it: the helper looks the command up in drbd.conf.
    const helper = `helper command: /sbin/drbdadm ${name} ${this.#subject(name, volume)}`;
    this.#log.info(helper, { command });
    const exitCode = await this.#spawn(command, volume);
    this.#log.info(`${helper} exit code ${exitCode} (0x${exitCode.toString(16)})`);
    return exitCode;
  }

  /** Of a volume its minor; of the connection the resource. */
  #subject(name: string, number: number | undefined): string {
    const volume = this.config.volumes.find((one) => one.number === number);
    const ofConnection = connectionHandlers.has(name) || volume === undefined;
    return ofConnection ? this.config.name : `minor-${volume.minor}`;
  }

  #spawn(command: string, volume: number | undefined): Promise<number> {
    const child = spawn("/bin/sh", ["-c", command], {
      cwd: "/",
      env: { ...process.env, ...handlerEnvironment(this.config, volume) },
      stdio: ["ignore", "inherit", "inherit"],
    });
    return new Promise((resolve) => {
      child.once("error", () => resolve(exitCodeFailed));
      child.once("exit", (code) => resolve(code ?? exitCodeFailed));
    });
  }
}
