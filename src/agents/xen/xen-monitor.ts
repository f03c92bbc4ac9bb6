/** The action monitor of ocf:heartbeat:Xen: 0 runs, 7 provably does not, 1 anything else. */
import { drbdResourcesOf } from "../guest/guest.ts";
import type { GuestState } from "../guest/guest-driver.ts";
import { abandoned, ocf, outcome, succeeded } from "../outcome.ts";
import type { AgentOutcome } from "../resource-agent.ts";
import { stopped, unlessStopped } from "../time-limit.ts";
import { answerLimitMs, type Subject, type XenContext } from "./xen-context.ts";
import { describeState } from "./xen-start-stop.ts";

/** How long the peer may be seen as Primary of what was Primary here. */
const peerLimitMs = 1000;

/** @param isProbe the cluster only looks whether it runs here: that it does not is no failure. */
export async function monitorGuest(
  context: XenContext,
  subject: Subject,
  isProbe: boolean,
): Promise<AgentOutcome> {
  const { driver } = context;
  const { name, time, stop } = subject;
  // A stop waits for this to end, on its own time: it need not wait for a guest that hangs.
  const state = await unlessStopped(stop, driver.state(name, answerLimitMs(time)));
  if (state === stopped) return abandoned;
  switch (state.kind) {
    case "running":
    case "paused":
    case "disk-failed":
      return isProbe ? seen(name, state) : await keepRunning(context, subject, state);
    case "absent":
      return outcome(ocf.notRunning, isProbe ? "" : await describeEnd(context, name));
    case "killed":
      return (await isCutOff(context, subject))
        ? outcome(ocf.notRunning, isProbe ? "" : describeState(name, state))
        : outcome(ocf.genericError, describeState(name, state));
    default:
      return outcome(ocf.genericError, describeState(name, state));
  }
}

/** Its disks were taken away from it: then what is left of it is nobody's concern. */
async function isCutOff({ driver, volumes }: XenContext, { name }: Subject): Promise<boolean> {
  const guest = await driver.known(name);
  if (guest === undefined) return false;
  const resources = drbdResourcesOf(guest);
  if (guest.disks.some(({ readOnly, source }) => !readOnly && source.kind !== "drbd")) return false;
  return (await volumes.secondaries(resources)).length === resources.length;
}

type Here = Extract<GuestState, { readonly kind: "running" | "paused" | "disk-failed" }>;

function seen(name: string, state: Here): AgentOutcome {
  if (state.kind !== "disk-failed") return succeeded;
  return outcome(ocf.genericError, describeState(name, state));
}

/**
 * A disk server that was restarted is Secondary, and the guest's requests wait for it or have failed: both end when
 * it is Primary again, and the guest never notices.
 */
async function keepRunning(
  context: XenContext,
  subject: Subject,
  state: Here,
): Promise<AgentOutcome> {
  const { driver, volumes } = context;
  const { name, domain, stop } = subject;
  const guest = (await driver.known(name)) ?? (domain.ok ? domain.value.guest : undefined);
  const lost = await volumes.secondaries(guest === undefined ? [] : drbdResourcesOf(guest));
  if (lost.length > 0) {
    const { refusal } = await volumes.promoteAll(lost, { stop, peerLimitMs });
    if (refusal !== undefined)
      return outcome(ocf.genericError, `${name} lost its disk: ${refusal}`);
    if (state.kind === "disk-failed") {
      const resumed = await driver.resume(name);
      if (!resumed.ok) return outcome(ocf.genericError, resumed.error);
    }
  } else if (state.kind === "disk-failed") return seen(name, state);
  return await runMonitorScripts(context, subject);
}

async function describeEnd(context: XenContext, name: string): Promise<string> {
  const words = await context.driver.lastWords(name);
  const said = words === undefined ? "" : `; ${context.driver.name} said last: ${words}`;
  return `${name} is not running any more${said}`;
}

async function runMonitorScripts(context: XenContext, subject: Subject): Promise<AgentOutcome> {
  const { name, parameters, time, stop } = subject;
  for (const script of parameters.monitorScripts) {
    const run = await context.processes.run(script, [], { timeoutMs: time.leftMs(), signal: stop });
    if (run.code === 0) continue;
    const said = run.stderr.trim().split("\n").at(-1) ?? "";
    const how = run.failure ?? `exit status ${run.code}`;
    return outcome(ocf.genericError, `${name}: ${script} failed (${how}) ${said}`.trimEnd());
  }
  return succeeded;
}
