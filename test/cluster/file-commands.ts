/** Commands on a CIB in a file, in this process: what `CIB_file=FILE COMMAND` does, hundreds of times in seconds. */
import { UserError } from "../../src/api/user-error.ts";
import { type WallTime, wallTime } from "../../src/base/time.ts";
import type { ClusterClient } from "../../src/cli/cluster/cluster-client.ts";
import { type ClusterCommand, runCommand } from "../../src/cli/cluster/cluster-command.ts";
import { newClusterCib } from "../../src/core/cib/empty-cib.ts";
import { fileDesk } from "../../src/daemon/cib-file/file-desk.ts";
import { fileMethods } from "../../src/daemon/cib-file/file-methods.ts";
import type { CibDesk } from "../../src/daemon/cluster-methods/cib-desk.ts";
import type { Ran } from "./served-cluster.ts";

/** @param input what is on standard input. */
export async function runOnFile(
  file: string,
  command: ClusterCommand,
  words: readonly string[],
  input = "",
): Promise<Ran> {
  let [out, err] = ["", ""];
  const exit = await runCommand(command, words, {
    out: (text) => {
      out += text;
    },
    error: (text) => {
      err += text;
    },
    readInput: () => input,
    isTerminal: false,
    size: () => ({ columns: 80, rows: 24 }),
    environment: { USER: "root", CIB_file: file },
    cluster: deskClient(() => fileDesk(file)),
    withoutCluster: () => deskClient(noDesk),
  });
  return { exit, out, err };
}

/** Answers as the daemon and its control socket would. */
function deskClient(open: () => CibDesk): ClusterClient {
  let desk: CibDesk | undefined;
  const clientAs = (user: string | undefined): ClusterClient => ({
    ask: async (method, ...params) => {
      desk ??= open();
      const found = Object.entries(fileMethods(desk)).find(([name]) => name === method);
      if (found === undefined)
        throw new UserError("HF4604", "this needs the running cluster", { exit: 102 });
      const asked = user === undefined ? params[0] : { ...params[0], as: user };
      const given = JSON.parse(JSON.stringify(asked ?? {})) as Record<string, unknown>;
      const result = await found[1](given, { uid: 0, sendEvent: () => {}, onClose: () => {} });
      return JSON.parse(JSON.stringify(result ?? null));
    },
    onEvent: () => {},
    onClose: () => {},
    close: () => {},
    as: clientAs,
  });
  return clientAs(undefined);
}

function noDesk(): CibDesk {
  return {
    cib: newClusterCib,
    whole: newClusterCib,
    wallNow: now,
    change: () => {
      throw new UserError("HF4604", "there is no cluster and no file to change", { exit: 102 });
    },
  };
}

function now(): WallTime {
  return wallTime(Date.now());
}
