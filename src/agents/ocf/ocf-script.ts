/** OCF resource agents that are programs: /usr/lib/ocf/resource.d/PROVIDER/TYPE, run as they are. */
import type { Processes, RunOutcome } from "../../ports/processes.ts";
import { abandoned, ocf, outcome } from "../outcome.ts";
import type { AgentOutcome, AgentRequest, ResourceAgent } from "../resource-agent.ts";
import { operationTimeoutMs } from "../script-timeout.ts";
import { exitReasonPrefix, ocfEnvironment, ocfRoot } from "./ocf-environment.ts";

export function ocfScriptAgent(processes: Processes): ResourceAgent {
  return {
    run: async (request, signal) => {
      const { provider, type } = request.agent;
      const name = `ocf:${provider}:${type}`;
      if (![provider, type].every((word) => /^[A-Za-z0-9][A-Za-z0-9._+-]*$/.test(word)))
        return outcome(ocf.notConfigured, `"${name}" can't be the name of an OCF agent`);
      const program = `${ocfRoot}/resource.d/${provider}/${type}`;
      const timeoutMs = operationTimeoutMs(request);
      const run = await processes.run(program, [request.action], {
        env: ocfEnvironment(request),
        timeoutMs,
        signal,
      });
      return scriptOutcome(request, run, { program, timeoutMs });
    },
  };
}

type Call = { readonly program: string; readonly timeoutMs: number };

function scriptOutcome(request: AgentRequest, run: RunOutcome, call: Call): AgentOutcome {
  return run.failure === undefined
    ? exitOutcome(request, run, call.program)
    : failureOutcome(request, run.failure, call);
}

function failureOutcome(
  { action }: AgentRequest,
  failure: NonNullable<RunOutcome["failure"]>,
  { program, timeoutMs }: Call,
): AgentOutcome {
  switch (failure) {
    case "not-started":
      return outcome(ocf.notInstalled, `the agent ${program} is not installed or can't be started`);
    case "timed-out":
      return outcome(ocf.genericError, `${action} did not end within ${timeoutMs / 1000} s`);
    case "killed":
      return outcome(ocf.genericError, `${program} ${action} was killed by a signal`);
    case "stopped":
      return abandoned;
  }
}

function exitOutcome(request: AgentRequest, run: RunOutcome, program: string): AgentOutcome {
  const code = run.code ?? ocf.genericError;
  if (code === ocf.success)
    return { rc: code, reason: "", ...(run.stdout === "" ? {} : { output: run.stdout }) };
  const isProbe = request.action === "monitor" && Number(request.meta["interval"] ?? 0) === 0;
  if (code === ocf.notRunning && isProbe) return outcome(code, "");
  if (isOcfCode(code)) return outcome(code, exitReason(run.stderr));
  const said = exitReason(run.stderr);
  const strange = `${program} ${request.action} ended with exit status ${code}, which OCF does not know`;
  return outcome(ocf.genericError, said === "" ? strange : `${strange}: ${said}`);
}

/** 0 to 9, and 190 and 191 for degraded. */
function isOcfCode(code: number): boolean {
  return (code >= 0 && code <= 9) || code === 190 || code === 191;
}

/** What the agent gave as its reason, else the last thing it said. */
function exitReason(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  const given = lines.findLast((line) => line.startsWith(exitReasonPrefix));
  return given?.slice(exitReasonPrefix.length).trim() ?? lines.at(-1)?.trim() ?? "";
}
