/** drbdadm's commands. `plan` makes steps that -d prints; `show` only tells something and has no commands to print. */
import type { CommandLine, OptionRow } from "../getopt/getopt.ts";
import { hasOption } from "../getopt/getopt.ts";
import { attachSteps, connectStep, control, downPlan, metaStep, upPlan } from "./resource-steps.ts";
import type { Selected } from "./selection.ts";
import { addressWords, setup } from "./setup-words.ts";
import { cstateSteps, dstateSteps, getGiSteps, roleSteps, showGiSteps } from "./show-steps.ts";
import { primarySteps, resourceSteps, secondarySteps, volumeSteps } from "./state-steps.ts";
import type { Plan, Step } from "./step.ts";

export type PlannedCommand = {
  readonly name: string;
  readonly help: string;
  readonly options: readonly OptionRow[];
  readonly plan: (selected: readonly Selected[], given: Given) => Plan;
};

export type Given = {
  readonly line: CommandLine;
  /** The command's options as words, for drbdsetup or drbdmeta. */
  readonly words: readonly string[];
  readonly print: (text: string) => void;
};

const force: OptionRow = { long: "force", short: "f", help: "do it against the usual objections" };
const overwrite: OptionRow = {
  long: "overwrite-data-of-peer",
  short: "o",
  help: "the name of --force up to DRBD 8.3",
};

/** One stage, with the steps of each resource. */
function steps(of: (one: Selected, given: Given) => readonly Step[]): PlannedCommand["plan"] {
  return (selected, given) => [selected.flatMap((one) => of(one, given))];
}

function meta(name: string): PlannedCommand["plan"] {
  return steps(({ resource, volumes }, given) =>
    volumes.map((volume) => metaStep(resource.name, volume, [name, ...given.words])),
  );
}

export const plannedCommands: readonly PlannedCommand[] = [
  {
    name: "up",
    help: "serve the resource: attach its disks, connect to the peer",
    options: [],
    plan: (selected) => upPlan(selected),
  },
  {
    name: "down",
    help: "demote, disconnect, detach and end",
    options: [],
    plan: (selected) => downPlan(selected),
  },
  {
    name: "attach",
    help: "use the backing disk",
    options: [],
    plan: steps(({ resource, volumes }) => attachSteps(resource, volumes, "always")),
  },
  {
    name: "detach",
    help: "leave the backing disk; a Primary goes on with the peer's",
    options: [force],
    plan: steps((one, { line, words }) =>
      volumeSteps(one, "detach", { words, params: { force: hasOption(line, "force") } }),
    ),
  },
  {
    name: "connect",
    help: "connect to the peer, now and whenever it is lost",
    options: [
      { long: "discard-my-data", help: "in a split brain, this node's writes are given up" },
      { long: "tentative", help: "see what would be decided, and stay disconnected" },
    ],
    plan: steps(({ resource }, { line, words }) => [
      connectStep(resource, {
        ifNeeded: false,
        words,
        params: {
          discardMyData: hasOption(line, "discard-my-data"),
          tentative: hasOption(line, "tentative"),
        },
      }),
    ]),
  },
  {
    name: "disconnect",
    help: "end the connection and stay so",
    options: [force],
    plan: steps(({ resource }, { line, words }) => [
      {
        resource: resource.name,
        words: setup("disconnect", ...addressWords(resource), ...words),
        run: () => control(resource.name, "disconnect", { force: hasOption(line, "force") }),
      },
    ]),
  },
  {
    name: "primary",
    help: "let the volumes be written here, and make their block devices",
    options: [force, overwrite],
    plan: steps((one, { line, words }) =>
      primarySteps(one, {
        words,
        force: hasOption(line, "force") || hasOption(line, "overwrite-data-of-peer"),
      }),
    ),
  },
  {
    name: "secondary",
    help: "end that",
    options: [],
    plan: steps((one) => secondarySteps(one)),
  },
  {
    name: "invalidate",
    help: "this node's data are no good: take all from the peer",
    options: [],
    plan: steps((one) => volumeSteps(one, "invalidate", { offline: "invalidate" })),
  },
  {
    name: "invalidate-remote",
    help: "the peer's data are no good: give it all",
    options: [],
    plan: steps((one) => volumeSteps(one, "invalidate-remote")),
  },
  {
    name: "outdate",
    help: "this node's data are not the newest any more",
    options: [],
    plan: steps((one) => volumeSteps(one, "outdate", { offline: "outdate" })),
  },
  {
    name: "pause-sync",
    help: "stop the resync for now",
    options: [],
    plan: steps((one) => volumeSteps(one, "pause-sync")),
  },
  {
    name: "resume-sync",
    help: "go on with it",
    options: [],
    plan: steps((one) => volumeSteps(one, "resume-sync")),
  },
  {
    name: "suspend-io",
    help: "hold back all requests",
    options: [],
    plan: steps((one) => resourceSteps(one, "suspend-io")),
  },
  {
    name: "resume-io",
    help: "let them go on",
    options: [],
    plan: steps((one) => resourceSteps(one, "resume-io")),
  },
  {
    name: "new-current-uuid",
    help: "begin a new generation of data",
    options: [
      { long: "clear-bitmap", help: "and take both nodes' new volumes for equal: no first sync" },
    ],
    plan: steps((one, { line, words }) =>
      volumeSteps(one, "new-current-uuid", {
        words,
        params: { clearBitmap: hasOption(line, "clear-bitmap") },
      }),
    ),
  },
  { name: "role", help: "both nodes' roles", options: [], plan: show(roleSteps) },
  { name: "cstate", help: "the state of the connection", options: [], plan: show(cstateSteps) },
  { name: "dstate", help: "both disks' states", options: [], plan: show(dstateSteps) },
  { name: "get-gi", help: "the generation identifiers", options: [], plan: show(getGiSteps) },
  { name: "show-gi", help: "the same with a legend", options: [], plan: show(showGiSteps) },
  {
    name: "create-md",
    help: "write new metadata",
    options: [
      { long: "force", help: "also over data that look like somebody's" },
      { long: "max-peers", argument: "N", help: "for DRBD 9; here it is one" },
    ],
    plan: steps(({ resource, volumes }, { line }) =>
      volumes.map((volume) =>
        metaStep(resource.name, volume, [
          "create-md",
          ...(hasOption(line, "force") ? ["--force"] : []),
        ]),
      ),
    ),
  },
  {
    name: "dump-md",
    help: "print the metadata",
    options: [{ long: "force", help: "also if they were left by a crash" }],
    plan: meta("dump-md"),
  },
  {
    name: "wipe-md",
    help: "remove the metadata",
    options: [{ long: "force", help: "without asking" }],
    plan: meta("wipe-md"),
  },
  {
    name: "apply-al",
    help: "put the activity log of a crash into the bitmap",
    options: [],
    plan: meta("apply-al"),
  },
];

function show(
  of: (one: Selected, print: (text: string) => void) => readonly Step[],
): PlannedCommand["plan"] {
  return steps((one, { print }) => of(one, print));
}
