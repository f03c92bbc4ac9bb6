/**
 * `drbdadm HANDLER`: runs a handler of drbd.conf as DRBD's kernel module has its helper do it. A resource without that
 * handler has nothing to run, and that is well.
 */
import { spawn } from "node:child_process";
import {
  connectionHandlers,
  handlerEnvironment,
} from "../../formats/drbd-conf/handler-environment.ts";
import { optionTable } from "../../formats/drbd-conf/option-table.ts";
import type { PlannedCommand } from "./planned-command.ts";
import type { Selected } from "./selection.ts";
import type { Step } from "./step.ts";

/** What one that could not be run, or was killed, counts as. */
const exitFailed = 127;

export const handlerCommands: readonly PlannedCommand[] = [...optionTable.handlers.keys()].map(
  (name) => ({
    name,
    help: "run this handler of drbd.conf",
    options: [],
    scope: connectionHandlers.has(name) ? ("resource" as const) : ("volume" as const),
    hidden: true,
    plan: (selected) => [selected.flatMap((one) => handlerSteps(name, one))],
  }),
);

function handlerSteps(name: string, { resource, volumes }: Selected): readonly Step[] {
  const command = resource.handlers[name];
  if (command === undefined) return [];
  const volume = connectionHandlers.has(name) ? undefined : volumes[0]?.number;
  return [
    {
      resource: resource.name,
      words: ["/bin/sh", "-c", command],
      run: () => runHandler(command, handlerEnvironment(resource, volume)),
    },
  ];
}

function runHandler(
  command: string,
  environment: Readonly<Record<string, string>>,
): Promise<number> {
  const child = spawn("/bin/sh", ["-c", command], {
    env: { ...process.env, ...environment },
    stdio: "inherit",
  });
  return new Promise((resolve) => {
    child.once("error", () => resolve(exitFailed));
    child.once("exit", (code) => resolve(code ?? exitFailed));
  });
}
