/** `holdfast drbd …`: what the kernel module's /proc/drbd showed, and a person's word about a copy. */
import { procDrbd } from "../../view/drbd/proc-drbd.ts";
import { by } from "../cluster/by.ts";
import { type ClusterCommand, usageError } from "../cluster/cluster-command.ts";
import type { CommandSet } from "../cluster/command-set.ts";
import { statusOf } from "../drbdsetup/running-resources.ts";
import { showStatus, statusOptions } from "../drbdsetup/status-command.ts";
import { hasOption, optionValue } from "../getopt/getopt.ts";
import { version } from "../version/version.ts";
import { fencePeerCommand } from "./fence-peer-command.ts";
import { restartServer } from "./restart-server.ts";

const layouts = ["8.0", "8.4"] as const;

const procCommand: ClusterCommand = {
  name: "holdfast drbd proc",
  summary: "Prints what /proc/drbd showed where DRBD was in the kernel.",
  usage: ["[OPTION...]"],
  groups: [
    {
      title: "Options",
      rows: [
        { long: "layout", argument: "VERSION", help: "of DRBD 8.0 (the usual), or of 8.4" },
        { long: "json", help: "all that the disk servers tell, as JSON" },
      ],
    },
  ],
  refused: [],
  examples: ["holdfast drbd proc", "holdfast drbd proc --layout 8.4"],
  run: async (line, shell) => {
    const given = optionValue(line, "layout") ?? "8.0";
    const layout = layouts.find((each) => each === given);
    if (layout === undefined) {
      throw usageError(`--layout is ${layouts.join(" or ")}, not "${given}"`, "holdfast drbd proc");
    }
    const statuses = await statusOf();
    if (hasOption(line, "json")) shell.out(`${JSON.stringify(statuses, undefined, 2)}\n`);
    else shell.out(procDrbd(statuses, { layout, version }));
    return 0;
  },
};

const statusCommand: ClusterCommand = {
  name: "holdfast drbd status",
  summary: "Prints roles, states and progress, as drbdadm status does.",
  usage: ["[OPTION...] [RESOURCE...]"],
  groups: [{ title: "Options", rows: statusOptions }],
  refused: [],
  examples: ["holdfast drbd status", "holdfast drbd status host1_root --statistics"],
  run: (line, shell) => showStatus(line.operands, line, shell),
};

const useCopyCommand: ClusterCommand = {
  name: "holdfast drbd use-copy",
  summary: "Goes on with one node's copy by your word, and loses what it lacks.",
  usage: ["RESOURCE [--node NODE]"],
  groups: [
    {
      title: "Options",
      rows: [
        { long: "node", short: "N", argument: "NODE", help: "whose copy (this node's)" },
        { long: "json", help: "the answer as JSON" },
      ],
    },
  ],
  refused: [],
  examples: ["holdfast drbd use-copy host1_root --node xen2"],
  run: async (line, shell) => {
    const [drbdResource, ...more] = line.operands;
    if (drbdResource === undefined || more.length > 0) {
      throw usageError("one DRBD RESOURCE is needed", "holdfast drbd use-copy");
    }
    const node = optionValue(line, "node");
    const { message } = await shell.cluster.ask("use-copy", {
      drbdResource,
      ...(node === undefined ? {} : { node }),
      by: by("holdfast", shell),
    });
    shell.out(hasOption(line, "json") ? `${JSON.stringify({ message })}\n` : `${message}\n`);
    return 0;
  },
};

const restartCommand: ClusterCommand = {
  name: "holdfast drbd restart",
  summary: "Puts a new disk server in the place of the running one, under its guests.",
  usage: ["RESOURCE..."],
  groups: [],
  refused: [],
  examples: ["holdfast drbd restart host1_root"],
  run: async (line, shell) => {
    if (line.operands.length === 0)
      throw usageError("a DRBD RESOURCE is needed", "holdfast drbd restart");
    for (const resource of line.operands) {
      await restartServer(resource);
      shell.out(`${resource}: its disk server was restarted\n`);
    }
    return 0;
  },
};

export const drbdCommands: CommandSet = {
  name: "holdfast drbd",
  summary: "Tells about replicated disks, beside drbdadm and drbdsetup.",
  commands: [procCommand, statusCommand, useCopyCommand, restartCommand, fencePeerCommand],
  refused: {},
};
