/**
 * `drbdadm wait-connect` and `wait-con-int`: until a resource is connected, or the time that `startup` gives it is
 * over. Which time holds is seen from the disk: outdated-wfc-timeout when the peer is known to be Outdated,
 * degr-wfc-timeout when this node crashed as Primary, else wfc-timeout.
 */
import type { DiskResourceStatus } from "../../api/disk-status.ts";
import { UserError } from "../../api/user-error.ts";
import type { DrbdStartupConfig } from "../../formats/drbd-conf/resource-config.ts";
import { optionWords, setup } from "../../formats/drbd-conf/setup-words.ts";
import { type CommandLine, type OptionRow, optionValue } from "../getopt/getopt.ts";
import { reachDisk } from "./disk-client.ts";
import type { PlannedCommand } from "./planned-command.ts";
import type { Selected } from "./selection.ts";
import { notUp, type Plan } from "./step.ts";

/** drbdsetup's exit code when the time is over. */
const exitTimedOut = 5;

const timeouts: readonly OptionRow[] = [
  { long: "wfc-timeout", argument: "SECONDS", help: "at most so long; 0: for ever" },
  { long: "degr-wfc-timeout", argument: "SECONDS", help: "if this node crashed as Primary" },
  { long: "outdated-wfc-timeout", argument: "SECONDS", help: "if the peer is known as Outdated" },
  {
    long: "wait-after-sb",
    argument: "yes|no",
    optional: true,
    help: "go on waiting when a split brain has ended the connection",
  },
];

export const waitCommands: readonly PlannedCommand[] = [
  {
    name: "wait-connect",
    help: "wait until it is connected",
    options: timeouts,
    plan: (selected, given) => waitPlan(selected, given.line, given.words),
  },
  {
    name: "wait-con-int",
    help: "the same for all resources at once, as start scripts want it",
    options: timeouts,
    scope: "all",
    plan: (selected, given) => waitPlan(selected, given.line, given.words),
  },
];

function waitPlan(
  selected: readonly Selected[],
  line: CommandLine,
  words: readonly string[],
): Plan {
  return [
    selected.flatMap(({ resource, volumes }) =>
      volumes.map((volume, i) => ({
        resource: resource.name,
        words: setup("wait-connect", volume.minor, ...optionWords(resource.set.startup), ...words),
        run:
          i > 0 ? undefined : () => waitConnected(resource.name, patience(resource.startup, line)),
      })),
    ),
  ];
}

type Patience = Pick<
  DrbdStartupConfig,
  "wfcTimeoutS" | "degrWfcTimeoutS" | "outdatedWfcTimeoutS" | "waitAfterSb"
>;

function patience(startup: DrbdStartupConfig, line: CommandLine): Patience {
  const seconds = (name: string, preset: number): number => {
    const given = optionValue(line, name);
    if (given === undefined) return preset;
    if (/^[0-9]{1,6}$/.test(given)) return Number(given);
    throw new UserError("HF2151", `--${name} is a number of seconds, not '${given}'`, { exit: 20 });
  };
  const sb = line.options.findLast((option) => option.long === "wait-after-sb");
  return {
    wfcTimeoutS: seconds("wfc-timeout", startup.wfcTimeoutS),
    degrWfcTimeoutS: seconds("degr-wfc-timeout", startup.degrWfcTimeoutS),
    outdatedWfcTimeoutS: seconds("outdated-wfc-timeout", startup.outdatedWfcTimeoutS),
    waitAfterSb: sb === undefined ? startup.waitAfterSb : sb.value !== "no",
  };
}

/** Which of the times holds; 0: for ever. */
export function timeoutOf(
  status: DiskResourceStatus,
  patience: Patience,
): { readonly option: string; readonly seconds: number } {
  if (status.volumes.some((volume) => volume.peerDisk === "Outdated"))
    return { option: "outdated-wfc-timeout", seconds: patience.outdatedWfcTimeoutS };
  if (status.volumes.some((volume) => volume.generation?.flags.crashedPrimary === true))
    return { option: "degr-wfc-timeout", seconds: patience.degrWfcTimeoutS };
  return { option: "wfc-timeout", seconds: patience.wfcTimeoutS };
}

async function waitConnected(resource: string, patience: Patience): Promise<number> {
  const connection = await reachDisk(resource);
  if (connection === undefined) return notUp;
  try {
    return await new Promise<number>((resolve, reject) => {
      const look = (status: DiskResourceStatus): void => {
        const { state } = status.connection;
        if (state === "Connected") resolve(0);
        else if (state === "StandAlone" && !patience.waitAfterSb) reject(standAlone(resource));
      };
      connection.onEvent((event, data) => {
        if (event === "status") look(data as DiskResourceStatus);
      });
      connection.onClose(() => reject(new UserError("HF2153", "the disk server has ended")));
      connection.request("watch").then((first) => {
        const status = first as DiskResourceStatus;
        look(status);
        const { option, seconds } = timeoutOf(status, patience);
        if (seconds > 0)
          setTimeout(() => reject(timedOut(option, seconds)), seconds * 1000).unref();
      }, reject);
    });
  } finally {
    connection.close();
  }
}

function timedOut(option: string, seconds: number): UserError {
  return new UserError("HF2153", `not connected after ${seconds} s (${option})`, {
    exit: exitTimedOut,
    remedy: "Is the peer up, and the network between them? See drbdadm status on both.",
  });
}

function standAlone(resource: string): UserError {
  return new UserError("HF2153", `${resource} is StandAlone: it waits for nobody`, {
    exit: exitTimedOut,
    remedy: `See drbdadm status on both nodes; then drbdadm connect ${resource}.`,
  });
}
