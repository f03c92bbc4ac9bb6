/** The action monitor of ocf:heartbeat:Xen: 0 runs, 7 provably does not, 1 anything else. */
import { ocf, outcome, succeeded } from "../outcome.ts";
import type { AgentOutcome } from "../resource-agent.ts";
import { answerLimitMs, type Subject, type XenContext } from "./xen-context.ts";
import { describeState } from "./xen-start-stop.ts";

/** @param isProbe the cluster only looks whether it runs here: that it does not is no failure. */
export async function monitorGuest(
  context: XenContext,
  subject: Subject,
  isProbe: boolean,
): Promise<AgentOutcome> {
  const { driver } = context;
  const { name, time } = subject;
  const state = await driver.state(name, answerLimitMs(time));
  switch (state.kind) {
    case "running":
    case "paused":
      return isProbe ? succeeded : await runMonitorScripts(context, subject);
    case "absent":
      return outcome(ocf.notRunning, isProbe ? "" : await describeEnd(context, name));
    default:
      return outcome(ocf.genericError, describeState(name, state));
  }
}

async function describeEnd(context: XenContext, name: string): Promise<string> {
  const words = await context.driver.lastWords(name);
  const said = words === undefined ? "" : `; ${context.driver.name} said last: ${words}`;
  return `${name} is not running any more${said}`;
}

async function runMonitorScripts(context: XenContext, subject: Subject): Promise<AgentOutcome> {
  const { name, parameters, time, stop } = subject;
  for (const script of parameters.monitorScripts) {
    const run = await context.processes.run(script, [], { timeoutMs: time.leftMs, signal: stop });
    if (run.code === 0) continue;
    const said = run.stderr.trim().split("\n").at(-1) ?? "";
    const how = run.failure ?? `exit status ${run.code}`;
    return outcome(ocf.genericError, `${name}: ${script} failed (${how}) ${said}`.trimEnd());
  }
  return succeeded;
}
