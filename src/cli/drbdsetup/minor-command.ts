/**
 * The commands of drbdsetup's that are given a minor (or /dev/drbdN): drbdadm's of the same name, for a volume that is
 * up, whatever drbd.conf says. So the lines that `drbdadm -d` and `-v` print can be run.
 */
import { UserError } from "../../api/user-error.ts";
import type { DrbdResourceConfig } from "../../formats/drbd-conf/resource-config.ts";
import { plannedCommand } from "../drbdadm/all-commands.ts";
import { askDisk } from "../drbdadm/disk-client.ts";
import type { PlannedCommand } from "../drbdadm/planned-command.ts";
import type { Selected } from "../drbdadm/selection.ts";
import { runPlan } from "../drbdadm/step.ts";
import type { CommandLine } from "../getopt/getopt.ts";
import { resourcesWithSocket } from "./running-resources.ts";

/** What attaches, connects or makes something needs a configuration: that is drbdadm's. */
const names: readonly string[] = [
  ...["primary", "secondary", "invalidate", "invalidate-remote", "outdate", "verify"],
  ...["pause-sync", "resume-sync", "suspend-io", "resume-io", "detach", "new-current-uuid"],
  ...["resize", "check-resize", "disk-options"],
  ...["role", "cstate", "dstate", "get-gi", "show-gi", "wait-connect"],
];

export const minorCommands: readonly PlannedCommand[] = names.flatMap((name) => {
  const command = plannedCommand(name);
  return command === undefined ? [] : [command];
});

const exitUsage = 20;
/** drbdsetup's for a minor that is not there. */
const exitUnknown = 10;

export async function runMinorCommand(
  command: PlannedCommand,
  line: CommandLine,
  terminal: { readonly out: (text: string) => void; readonly error: (text: string) => void },
): Promise<number> {
  const [operand, ...more] = line.operands;
  if (operand === undefined || more.length > 0)
    throw new UserError("HF2151", "one MINOR is needed", {
      exit: exitUsage,
      remedy: `usage: drbdsetup ${command.name} [OPTION...] MINOR`,
    });
  const selected = await volumeOf(operand);
  const words = line.options.map(({ long, value }) =>
    value === undefined ? `--${long}` : `--${long}=${value}`,
  );
  const plan = await command.plan([selected], {
    line,
    words,
    before: [],
    hostName: selected.resource.local.name,
    print: terminal.out,
  });
  return await runPlan(plan, { error: terminal.error, verbose: () => {} });
}

/** @param operand `0`, `minor-0` or `/dev/drbd0`. */
async function volumeOf(operand: string): Promise<Selected> {
  for (const name of resourcesWithSocket()) {
    const resource = (await askDisk(name, "show", {})) as DrbdResourceConfig | undefined;
    const volume = resource?.volumes.find(
      ({ minor, device }) => operand === device || operand.replace(/^minor-/, "") === String(minor),
    );
    if (resource !== undefined && volume !== undefined)
      return { resource, volumes: [volume], as: `minor-${volume.minor}` };
  }
  throw new UserError("HF2142", `${operand}: no volume that is up has this minor`, {
    exit: exitUnknown,
    remedy: "See drbdsetup status --verbose.",
  });
}
