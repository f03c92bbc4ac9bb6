/** drbdadm's commands. `plan` makes steps that -d prints; `show` only tells something and has no commands to print. */

import { UserError } from "../../api/user-error.ts";
import { parseDrbdNumber } from "../../formats/drbd-conf/drbd-number.ts";
import type { DrbdResourceConfig } from "../../formats/drbd-conf/resource-config.ts";
import { addressWords, setup } from "../../formats/drbd-conf/setup-words.ts";
import type { CommandLine, OptionRow } from "../getopt/getopt.ts";
import { hasOption, optionValue } from "../getopt/getopt.ts";
import { serve } from "./hand-over.ts";
import { type ChangeableSection, givenOf, optionRows } from "./option-rows.ts";
import type { Given, PlannedCommand } from "./planned-command.ts";
import { checkResizeSteps, resizeSteps } from "./resize-steps.ts";
import {
  attachSteps,
  connectStep,
  control,
  downPlan,
  metaStep,
  newResourceSteps,
  upPlan,
} from "./resource-steps.ts";
import { changed } from "./run-time-options.ts";
import type { Selected } from "./selection.ts";
import { cstateSteps, dstateSteps, getGiSteps, roleSteps, showGiSteps } from "./show-steps.ts";
import {
  bootPrimarySteps,
  primarySteps,
  resourceSteps,
  secondarySteps,
  volumeSteps,
} from "./state-steps.ts";
import type { Step } from "./step.ts";

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

/** Options of drbd.conf that the command takes as well; they would drown its own in the help. */
function quiet(section: ChangeableSection): readonly OptionRow[] {
  return optionRows(section).map((row) => ({ ...row, hidden: true }));
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
    scope: "resource",
    options: [],
    plan: (selected) => downPlan(selected),
  },
  {
    name: "attach",
    help: "use the backing disk",
    options: quiet("disk"),
    plan: steps(({ resource, volumes }, { line, words }) => {
      const numbers = volumes.map((volume) => volume.number);
      const change = withOptions("disk", line, numbers);
      return attachSteps(resource, volumes, { ifNeeded: false, words, change });
    }),
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
    scope: "resource",
    options: [
      ...quiet("net"),
      { long: "discard-my-data", help: "in a split brain, this node's writes are given up" },
      { long: "tentative", help: "see what would be decided, and stay disconnected" },
    ],
    plan: steps(({ resource }, { line, words }) => [
      connectStep(resource, {
        ifNeeded: false,
        words,
        change: withOptions("net", line, []),
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
    scope: "resource",
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
    name: "verify",
    help: "compare the two copies while they are in use; what differs is marked out of sync",
    options: [
      { long: "start", argument: "SECTOR", help: "from there; else where the last one was ended" },
      { long: "stop", argument: "SECTOR", help: "up to there; else to the end" },
    ],
    plan: steps((one, { line, words }) =>
      volumeSteps(one, "verify", {
        words,
        params: { ...sectorOption(line, "start"), ...sectorOption(line, "stop") },
      }),
    ),
  },
  {
    name: "resize",
    help: "the backing devices of both nodes have grown: use what they have now",
    options: [
      { long: "size", argument: "SIZE", help: "so much of it, in sectors or with K, M, G" },
      { long: "assume-clean", help: "what is new is equal on both: it is not copied" },
      { long: "assume-peer-has-space", help: "without the peer: its device has grown as well" },
    ],
    plan: steps((one, { line, words }) =>
      resizeSteps(one, {
        words,
        sizeSectors: sectorOption(line, "size")["sizeSector"],
        assumeClean: hasOption(line, "assume-clean"),
        assumePeerHasSpace: hasOption(line, "assume-peer-has-space"),
      }),
    ),
  },
  {
    name: "check-resize",
    help: "a device has grown while the resource was down: move its metadata to its end",
    options: [],
    plan: steps((one) => checkResizeSteps(one)),
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
    hidden: true,
    help: "hold back all requests",
    options: [],
    plan: steps((one) => resourceSteps(one, "suspend-io")),
  },
  {
    name: "resume-io",
    hidden: true,
    help: "let them go on",
    options: [],
    plan: steps((one) => resourceSteps(one, "resume-io")),
  },
  {
    name: "new-current-uuid",
    hidden: true,
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
  {
    name: "sh-b-pri",
    help: "promote what become-primary-on names this node for",
    options: [],
    hidden: true,
    plan: (selected, given) => [bootPrimarySteps(selected, given.hostName)],
  },
  {
    name: "new-resource",
    help: "start the disk server, and nothing else",
    options: [],
    scope: "resource",
    hidden: true,
    plan: (selected) => [
      selected.flatMap(({ resource }) => newResourceSteps(resource).slice(0, 1)),
    ],
  },
  ...["new-minor", "sh-new-minor"].map(
    (name): PlannedCommand => ({
      name,
      help: "the same: a disk server has all volumes of its resource",
      options: [],
      hidden: true,
      plan: steps(({ resource, volumes }) =>
        volumes.map((volume) => ({
          resource: resource.name,
          words: setup("new-minor", resource.name, volume.minor, volume.number),
          run: async () => {
            await serve(resource);
            return 0;
          },
        })),
      ),
    }),
  ),
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
    name: "set-gi",
    help: "set generation identifiers by hand: drbdadm -- UUIDS set-gi RES/VOLUME, while it is down",
    options: [{ long: "force", help: "without asking" }],
    scope: "volume",
    hidden: true,
    plan: (selected, given) => [
      selected.flatMap(({ resource, volumes }) =>
        volumes.map((volume) =>
          metaStep(resource.name, volume, ["set-gi", ...given.before, ...given.words]),
        ),
      ),
    ],
  },
  {
    name: "apply-al",
    help: "put the activity log of a crash into the bitmap",
    options: [],
    plan: meta("apply-al"),
  },
];

function withOptions(
  section: ChangeableSection,
  line: CommandLine,
  volumes: readonly number[],
): (config: DrbdResourceConfig) => DrbdResourceConfig {
  const options = givenOf(section, line.options);
  return (config) => changed(config, { section, options, volumes, setDefaults: false });
}

/** In sectors where the number has no suffix, as drbdsetup reads it. @throws UserError HF2151 */
function sectorOption(line: CommandLine, name: string): Readonly<Record<string, number>> {
  const given = optionValue(line, name);
  if (given === undefined) return {};
  const value = parseDrbdNumber(given, "s");
  if (value !== undefined) return { [`${name}Sector`]: value };
  throw new UserError("HF2151", `--${name} ${given}: expected a number of sectors`, {
    exit: 20,
    remedy: "K, M and G after it mean bytes times 1024, 1024² and 1024³.",
  });
}

function show(
  of: (one: Selected, print: (text: string) => void) => readonly Step[],
): PlannedCommand["plan"] {
  return steps((one, { print }) => of(one, print));
}
