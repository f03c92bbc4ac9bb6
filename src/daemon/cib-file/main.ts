/**
 * Answers the cluster's commands about a CIB in a file: requests of the control protocol (src/api/protocol.ts) as lines on
 * standard input, replies as lines on standard output. Argument: the file; without one there is an empty CIB that
 * nothing can be written to.
 */
import { createInterface } from "node:readline";
import type { ControlRequest } from "../../api/protocol.ts";
import { UserError } from "../../api/user-error.ts";
import { wallTime } from "../../base/time.ts";
import { newClusterCib } from "../../core/cib/empty-cib.ts";
import { controlError } from "../../host/control/control-error.ts";
import type { CibDesk } from "../cluster-methods/cib-desk.ts";
import { fileDesk } from "./file-desk.ts";
import { fileMethods } from "./file-methods.ts";

const [file] = process.argv.slice(2);
let desk: CibDesk | undefined;

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line) as ControlRequest;
  try {
    const result = (await answer(method, params)) ?? null;
    process.stdout.write(`${JSON.stringify({ id, result })}\n`);
  } catch (error) {
    process.stdout.write(`${JSON.stringify({ id, error: controlError(error) })}\n`);
  }
}

async function answer(method: string, params: ControlRequest["params"]): Promise<unknown> {
  desk ??= file === undefined ? noDesk() : fileDesk(file);
  const methods = fileMethods(desk);
  const found = Object.entries(methods).find(([name]) => name === method);
  if (found !== undefined) {
    return await found[1](params, {
      // Who may read and write the file is decided by the file.
      uid: 0,
      sendEvent: () => {},
      onClose: () => {},
    });
  }
  throw new UserError("HF4604", "this needs the running cluster, not a CIB in a file", {
    exit: 102,
    remedy: "Unset CIB_file and try again on a node of the cluster.",
  });
}

function noDesk(): CibDesk {
  return {
    cib: newClusterCib,
    whole: newClusterCib,
    wallNow: () => wallTime(Date.now()),
    change: () => {
      throw new UserError("HF4604", "there is no cluster and no file to change", { exit: 102 });
    },
  };
}
