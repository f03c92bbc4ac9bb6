/** `holdfast drbd fence-peer`: run by the kernel's DRBD, which tells a handler its resource in the environment. */
import type { KernelDiskMethods } from "../../api/disk-protocol.ts";
import { controlRequest } from "../../host/control/control-client.ts";
import { diskPaths } from "../../host/paths/run-paths.ts";
import { type ClusterCommand, usageError } from "../cluster/cluster-command.ts";

/** An exit code of fence-peer that decides nothing. */
const exitUndecided = 1;

export const fencePeerCommand: ClusterCommand = {
  name: "holdfast drbd fence-peer",
  summary:
    "The handler fence-peer for a resource on the kernel's DRBD: the cluster fences the peer.",
  usage: ["[RESOURCE]"],
  groups: [],
  refused: [],
  examples: ["holdfast drbd fence-peer host1_root"],
  // It decides nothing when nobody can be asked: then the kernel's I/O stays as it is.
  exitOf: () => exitUndecided,
  run: async (line) => {
    const resource = line.operands[0] ?? process.env["DRBD_RESOURCE"] ?? "";
    if (resource === "" || line.operands.length > 1)
      throw usageError("one RESOURCE is needed", "holdfast drbd fence-peer");
    const { controlSocket } = diskPaths(resource);
    const who = `the process beside ${resource}`;
    const answer = await controlRequest(controlSocket, who, "ask-fencing", {});
    return (answer as KernelDiskMethods["ask-fencing"]["result"]).exitCode;
  },
};
