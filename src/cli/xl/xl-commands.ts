/** xl, and xm which it followed: guests on this node, by the commands that Xen's people know. */
import type { CommandSet } from "../cluster/command-set.ts";
import { consoleCommand } from "./console-command.ts";
import { createCommand } from "./create-command.ts";
import type { Dialect } from "./dialect.ts";
import { destroyCommand, shutdownCommand } from "./end-commands.ts";
import { listCommand } from "./list-command.ts";
import { domidCommand, domnameCommand, uptimeCommand } from "./tell-commands.ts";
import { exitLikeXl } from "./xl-exit.ts";

export function xlCommands(dialect: Dialect): CommandSet {
  return {
    name: dialect.name,
    summary: "Starts, lists and ends guests on this node.",
    commands: [
      createCommand(dialect),
      listCommand(dialect),
      shutdownCommand(dialect),
      destroyCommand(dialect),
      consoleCommand(dialect),
      uptimeCommand(dialect),
      domidCommand(dialect),
      domnameCommand(dialect),
    ],
    aliases: { ls: "list" },
    asOf: "Xen 4.17",
    exitOf: (error) => exitLikeXl(error),
    refused: refusedCommands,
    notes: [
      "A guest that is a resource of the cluster is started, moved and stopped by it: crm_resource, crm_mon.",
    ],
  };
}

const byCluster =
  "a guest moves by the cluster, disks and all: crm_resource --move --resource GUEST --node NODE.";
const paused = "a guest runs, or it is off.";
const image = "a guest's memory is not kept in files; its disks are replicated.";
const fixed = "a guest's devices are those of its domain file; change that, and restart it.";

const refusedCommands: Readonly<Record<string, string>> = {
  migrate: byCluster,
  "migrate-receive": byCluster,
  remus: byCluster,
  pause: paused,
  unpause: paused,
  save: image,
  restore: image,
  "dump-core": image,
  reboot: "reboot it from inside, or: crm_resource --restart --resource GUEST.",
  new: "a guest is described by its file, and by its resource in the CIB.",
  start: "create FILE; or let the cluster do it: target-role.",
  delete: "remove its file, and its resource: crm_resource --delete.",
  rename: "the name stands in the domain file.",
  "block-attach": fixed,
  "block-detach": fixed,
  "block-list": "the domain file, and `drbdadm status`.",
  "network-attach": fixed,
  "network-detach": fixed,
  "network-list": "the domain file, and `ip link`.",
  "mem-set": fixed,
  "mem-max": fixed,
  "vcpu-set": fixed,
  "vcpu-pin": fixed,
  "vcpu-list": "list --json tells the number of processors.",
  info: "guests run in QEMU; `holdfast status` tells about the cluster.",
  top: "guests run in QEMU: top shows its processes.",
  dmesg: "guests run in QEMU: there is no hypervisor's log; `holdfast events` tells what happened.",
  log: "`holdfast events` tells what happened.",
  sched: "guests run in QEMU: the host's kernel gives out time.",
};
