/** Runs fence agents: programs that read NAME=VALUE lines and answer by their exit status (the fence agents' API). */
import { err, ok, type Result } from "../../base/result.ts";
import { elapsedMs } from "../../base/time.ts";
import type { Clock, StopSignal } from "../../ports/clock.ts";
import type { Files } from "../../ports/files.ts";
import type { Processes, RunOutcome } from "../../ports/processes.ts";
import { systemPath } from "../ocf/ocf-environment.ts";
import type { FenceAction, FenceDevice } from "./fence-device.ts";

export type FencePorts = {
  readonly processes: Processes;
  readonly files: Files;
  readonly clock: Clock;
};

/** The first that has a program of that name. */
export const fenceAgentDirectories: readonly string[] = ["/etc/holdfast/fence-agents", "/usr/sbin"];
/** Between two attempts of one action. */
const betweenMs = 500;

export type FenceCall = {
  readonly device: FenceDevice;
  readonly action: FenceAction;
  /** What the device calls the node, by the parameter that names it. */
  readonly plug?: { readonly argument: string; readonly value: string };
  readonly node?: string;
  readonly stop: StopSignal;
  /** At most this long, whatever the device's own timeout is. */
  readonly limitMs?: number;
};

/** Tries until the exit status is one of `wanted`, the attempts are used up, or the time is over. */
export async function callFenceAgent(
  ports: FencePorts,
  call: FenceCall,
  wanted: readonly number[],
): Promise<Result<RunOutcome>> {
  const { device, action, stop } = call;
  const program = await findProgram(ports.files, device.agent);
  if (!program.ok) return program;
  const command = device.commands[action];
  const totalMs = Math.min(command.timeoutMs, call.limitMs ?? command.timeoutMs);
  const started = ports.clock.now();
  const leftMs = (): number => totalMs - elapsedMs(started, ports.clock.now());
  let why = `${device.agent} had no time for ${command.name}`;
  for (let attempt = 1; attempt <= command.attempts && leftMs() > 0 && !stop.aborted; attempt++) {
    if (attempt > 1) await ports.clock.sleep(Math.min(betweenMs, leftMs()), stop);
    const run = await ports.processes.run(program.value, [], {
      env: { PATH: systemPath, LANG: "C.UTF-8" },
      stdin: inputLines(call),
      timeoutMs: Math.max(1, leftMs()),
      signal: stop,
    });
    if (run.code !== undefined && wanted.includes(run.code)) return ok(run);
    why = `${device.agent} ${command.name} ${describeFailure(run, totalMs)}`;
  }
  return err(why);
}

function inputLines({ device, action, plug, node }: FenceCall): string {
  const values = {
    ...device.params,
    ...(node === undefined ? {} : { nodename: node }),
    ...(plug === undefined ? {} : { [plug.argument]: plug.value }),
    action: device.commands[action].name,
  };
  return Object.entries(values)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
}

/** The program of a fence agent; the error is a clause. */
export async function findProgram(
  files: Pick<Files, "list">,
  agent: string,
): Promise<Result<string>> {
  for (const directory of fenceAgentDirectories)
    if ((await files.list(directory)).includes(agent)) return ok(`${directory}/${agent}`);
  return err(
    `there is no fence agent ${agent} in ${fenceAgentDirectories.join(" or ")}; install fence-agents`,
  );
}

function describeFailure(run: RunOutcome, totalMs: number): string {
  if (run.failure === "timed-out") return `did not end within ${Math.round(totalMs / 1000)} s`;
  const how = run.failure ?? `ended with exit status ${run.code}`;
  const said = run.stderr.trim().split("\n").at(-1)?.trim() ?? "";
  return said === "" ? how : `${how}: ${said}`;
}
