/** drbdadm 8.4 as an oracle for our parser: it needs no kernel module, and a host name of its own namespace. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const program = "/lib/drbd/drbdadm-84";

/** Why it cannot be asked here; undefined when it can. */
export function drbdadmMissing(): string | undefined {
  if (!existsSync(program)) return `${program} (package drbd-utils) is not installed`;
  if (process.getuid?.() !== 0) return "setting a host name needs root";
  const probe = spawnSync("unshare", ["--uts", "true"]);
  return probe.status === 0 ? undefined : "UTS namespaces cannot be made here";
}

export type Answer = {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
};

export function askDrbdadm(hostName: string, file: string, ...command: readonly string[]): Answer {
  const script = 'hostname "$1" && shift && exec "$@"';
  const words = ["sh", hostName, program, "-c", file, ...command];
  const run = spawnSync("unshare", ["--uts", "sh", "-c", script, ...words], {
    encoding: "utf8",
    env: { ...process.env, DRBD_DONT_WARN_ON_VERSION_MISMATCH: "1" },
  });
  return { status: run.status ?? -1, stdout: run.stdout, stderr: run.stderr };
}
