/** Starts the disk server of a resource: a process of its own, which outlives the one who starts it. */
import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import path from "node:path";
import type { Readable, Writable } from "node:stream";
import type { ControlError } from "../../api/protocol.ts";
import { UserError } from "../../api/user-error.ts";
import type { DrbdResourceConfig } from "../../formats/drbd-conf/resource-config.ts";
import { diskPaths } from "../../host/paths/run-paths.ts";

const program = path.resolve(import.meta.dirname, "../../../bin/holdfast-disk");
const readyFd = 3;

/** Resolves when it serves. @throws UserError with what it says when it cannot. */
export async function startServer(config: DrbdResourceConfig): Promise<void> {
  const { log } = diskPaths(config.name);
  mkdirSync(path.dirname(log), { recursive: true, mode: 0o750 });
  const output = openSync(log, "a", 0o640);
  const child = spawn(program, [config.name, "--config-stdin"], {
    cwd: "/",
    detached: true,
    env: { ...process.env, HOLDFAST_READY_FD: String(readyFd) },
    stdio: ["pipe", output, output, "pipe"],
  });
  closeSync(output);
  const failed = new Promise<never>((_resolve, reject) => {
    child.once("error", (cause) =>
      reject(new UserError("HF2148", `${program} does not start: ${cause.message}`, { cause })),
    );
  });
  const input = child.stdin as Writable;
  // If it ends before it has read its configuration, its last line says why.
  input.on("error", () => {});
  input.end(JSON.stringify(config));
  const line = await Promise.race([readAll(child.stdio[readyFd] as Readable), failed]);
  child.unref();
  const { error } = parse(line);
  if (error !== undefined)
    throw new UserError(error.code, error.message, {
      ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
      ...(error.exit === undefined ? {} : { exit: error.exit }),
    });
  if (line === "")
    throw new UserError("HF2148", `the disk server of ${config.name} ended at once`, {
      remedy: `See ${log}.`,
    });
}

function parse(line: string): { readonly error?: ControlError } {
  return line === "" ? {} : (JSON.parse(line) as { readonly error?: ControlError });
}

async function readAll(stream: Readable): Promise<string> {
  let text = "";
  stream.setEncoding("utf8");
  for await (const chunk of stream) text += chunk;
  return text;
}
