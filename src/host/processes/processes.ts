/** ports/processes.ts on Linux. */
import type { Processes, ProcessIdentity } from "../../ports/processes.ts";
import { commandLine, isKillPending, listProcessIds, readProcess } from "./process-table.ts";
import { runProgram } from "./run-program.ts";

export function hostProcesses(): Processes {
  return {
    run: (command, args, options = {}) => runProgram(command, args, options),
    find: (marker) =>
      listProcessIds()
        .map((pid) => identify(pid, marker))
        .filter((found) => found !== undefined),
    identify,
    isAlive,
    isKilled: (identity) => !isAlive(identity) || isKillPending(identity.pid),
    signal: (identity, signal) => {
      // Safety: the check and the signal stand in one turn, so the id cannot have passed to a program of ours in between.
      if (!isAlive(identity)) return false;
      try {
        return process.kill(identity.pid, signal);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
        throw error;
      }
    },
  };
}

function identify(pid: number, marker: string): ProcessIdentity | undefined {
  return commandLine(pid).includes(marker) ? readProcess(pid) : undefined;
}

function isAlive(identity: ProcessIdentity): boolean {
  return readProcess(identity.pid)?.startTicks === identity.startTicks;
}
