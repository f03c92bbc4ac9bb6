/** holdfastd --detach: starts the daemon in a session of its own and waits until it serves, or says why it cannot. */
import { spawn } from "node:child_process";
import path from "node:path";
import type { Readable } from "node:stream";
import type { ControlError } from "../../api/protocol.ts";
import { UserError } from "../../api/user-error.ts";
import { logDirectory } from "../../host/paths/run-paths.ts";
import { knownCode } from "../cluster-methods/cib-desk.ts";

/** @throws UserError as the daemon refused to start, or HF4643 when it ended without a word. */
export async function startDetached(logFile: string | undefined): Promise<void> {
  const file = logFile ?? path.join(logDirectory(), "holdfastd.log");
  const main = path.join(import.meta.dirname, "main.ts");
  const child = spawn(process.execPath, [main, "--log-file", file], {
    detached: true,
    stdio: ["ignore", "ignore", "ignore", "pipe"],
    env: { ...process.env, HOLDFAST_READY_FD: "3" },
  });
  const ready = child.stdio[3] as Readable;
  let text = "";
  ready.setEncoding("utf8");
  for await (const chunk of ready) {
    text += chunk;
    if (text.includes("\n")) break;
  }
  child.unref();
  if (text === "") {
    throw new UserError("HF4643", `holdfastd ended before it served; its log: ${file}`, {
      remedy: "Start it without --detach to see why.",
    });
  }
  const { error } = JSON.parse(text) as { readonly error?: ControlError };
  if (error === undefined) return;
  throw new UserError(knownCode(error.code), error.message, {
    ...(error.remedy !== undefined && { remedy: error.remedy }),
    ...(error.exit !== undefined && { exit: error.exit }),
  });
}
