/** `holdfast node …`: a node's part in the cluster. */
import { by } from "../cluster/by.ts";
import { type ClusterCommand, usageError } from "../cluster/cluster-command.ts";
import type { CommandSet } from "../cluster/command-set.ts";
import type { CommandShell } from "../cluster/command-shell.ts";
import { localNode } from "../cluster/local-node.ts";
import type { CommandLine } from "../getopt/getopt.ts";
import { hasOption } from "../getopt/getopt.ts";

const standbyCommand: ClusterCommand = {
  name: "holdfast node standby",
  summary: "Moves a node's guests away and lets none come: for work on it.",
  usage: ["[OPTION...] [NODE]"],
  groups: [
    {
      title: "Options",
      rows: [
        { long: "until-restart", help: "forgotten when the node leaves the cluster" },
        { long: "wait", short: "w", help: "until its guests are gone" },
      ],
    },
  ],
  refused: [],
  examples: ["holdfast node standby xen1 --wait", "holdfast node online xen1"],
  run: async (line, shell) => {
    const node = await nodeOf(line, shell, "holdfast node standby");
    const lifetime = hasOption(line, "until-restart") ? "reboot" : "forever";
    await shell.cluster.ask("set-standby", { node, on: true, lifetime, by: by("holdfast", shell) });
    if (hasOption(line, "wait")) await shell.cluster.ask("wait-idle");
    shell.out(`${node} is in standby: its guests go to other nodes. Back: holdfast node online\n`);
    return 0;
  },
};

const onlineCommand: ClusterCommand = {
  name: "holdfast node online",
  summary: "Ends a node's standby: guests may run on it.",
  usage: ["[NODE]"],
  groups: [],
  refused: [],
  examples: ["holdfast node online xen1"],
  run: async (line, shell) => {
    const node = await nodeOf(line, shell, "holdfast node online");
    await shell.cluster.ask("delete-standby", { node, by: by("holdfast", shell) });
    shell.out(`${node} takes guests.\n`);
    return 0;
  },
};

const leaveCommand: ClusterCommand = {
  name: "holdfast node leave",
  summary: "Moves this node's guests away, leaves the cluster and ends holdfastd.",
  usage: [""],
  groups: [],
  refused: [],
  examples: ["holdfast node leave"],
  run: async (line, shell) => {
    if (line.operands.length > 0) {
      throw usageError("a node leaves by its own word: type it there", "holdfast node leave");
    }
    const node = await localNode(shell);
    const ended = new Promise<void>((resolve) => shell.cluster.onClose(resolve));
    await shell.cluster.ask("leave", { by: by("holdfast", shell) });
    shell.out(`${node} moves its guests away and leaves.\n`);
    await ended;
    shell.out("holdfastd has ended here. To come back, start it.\n");
    return 0;
  },
};

const confirmCommand: ClusterCommand = {
  name: "holdfast node confirm-off",
  summary: "Takes your word that a node is off: its guests may start elsewhere.",
  usage: ["NODE --i-have-looked"],
  groups: [
    {
      title: "Options",
      rows: [{ long: "i-have-looked", help: "you have seen that it is without power" }],
    },
  ],
  refused: [],
  examples: ["holdfast node confirm-off xen1 --i-have-looked"],
  run: async (line, shell) => {
    const [node, ...more] = line.operands;
    if (node === undefined || more.length > 0) {
      throw usageError("which NODE is off", "holdfast node confirm-off");
    }
    if (!hasOption(line, "i-have-looked")) {
      throw usageError(
        `if ${node} still runs, its guests will run twice and write to two copies of their disks; add --i-have-looked when you have seen that it is off`,
        "holdfast node confirm-off",
      );
    }
    const asked = { node, by: by("holdfast", shell) };
    shell.out(`${(await shell.cluster.ask("confirm-off", asked)).message}\n`);
    return 0;
  },
};

export const nodeCommands: CommandSet = {
  name: "holdfast node",
  summary: "Puts a node out of work or back, and tells the cluster about it.",
  commands: [standbyCommand, onlineCommand, leaveCommand, confirmCommand],
  refused: {
    list: "crm_node --list, or holdfast status.",
    remove: "crm_node --remove NODE.",
    fence: "stonith_admin --fence NODE.",
  },
};

/** The named one, else this. */
async function nodeOf(line: CommandLine, shell: CommandShell, command: string): Promise<string> {
  const [node, ...more] = line.operands;
  if (more.length > 0) throw usageError("one NODE at a time", command);
  return node ?? (await localNode(shell));
}
