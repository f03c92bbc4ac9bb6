/** Programs that judge: other people's NBD clients. */
import { execFile, execFileSync } from "node:child_process";

export type Ran = { readonly status: number; readonly stdout: string; readonly stderr: string };

export function runProgram(command: string, args: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(command, [...args], { maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      const status = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve({ status, stdout, stderr });
    });
  });
}

/** A sentence for `skip` when one of the programs is not installed; false when all are. */
export function missingProgram(...commands: readonly string[]): string | false {
  for (const command of commands) {
    try {
      execFileSync("sh", ["-c", `command -v ${command}`], { stdio: "ignore" });
    } catch {
      return `needs ${command}, which is not installed`;
    }
  }
  return false;
}
