/** Runs a program where `uname -n` is a name of the test's choice: in a UTS namespace of its own. */
import { spawnSync } from "node:child_process";

export type Ran = { readonly status: number; readonly stdout: string; readonly stderr: string };

export function runAs(
  hostName: string,
  program: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Ran {
  const script = 'hostname "$1" && shift && exec "$@"';
  const run = spawnSync(
    "unshare",
    ["--uts", "sh", "-c", script, "sh", hostName, program, ...words],
    {
      encoding: "utf8",
      env: { ...process.env, ...environment },
    },
  );
  return { status: run.status ?? -1, stdout: run.stdout, stderr: run.stderr };
}
