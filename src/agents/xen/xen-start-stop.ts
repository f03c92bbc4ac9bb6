/** The actions start and stop of ocf:heartbeat:Xen. The guest's lock is held. */
import { assert, unreachable } from "../../base/assert.ts";
import { err } from "../../base/result.ts";
import { after } from "../../base/time.ts";
import { drbdResourcesOf, type Guest } from "../guest/guest.ts";
import type { GuestState } from "../guest/guest-driver.ts";
import { abandoned, ocf, outcome, succeeded } from "../outcome.ts";
import type { AgentOutcome } from "../resource-agent.ts";
import { poll } from "../time-limit.ts";
import { answerLimitMs, type Subject, type XenContext } from "./xen-context.ts";

/** How long the peer's volumes may take to be seen as Secondary, after the guest was stopped there. */
const peerLimitMs = 3000;
/** Of an action's time, what an ordinary shutdown leaves for the power-off after it. */
const powerOffMs = 4000;
/** Of an action's time, what is left for a guest that does not end: for asking it in vain, and for cutting it off. */
const takeAwayMs = 8000;
/** A guest that is booting may not listen yet when its power button is pressed. */
const pressAgainMs = 5000;

export async function startGuest(context: XenContext, subject: Subject): Promise<AgentOutcome> {
  const { driver, volumes } = context;
  const { name, domain, stop, time } = subject;
  const state = await driver.state(name, answerLimitMs(time));
  if (state.kind === "running" || state.kind === "paused") return succeeded;
  if (state.kind !== "absent") return outcome(ocf.genericError, describeState(name, state));
  if (!domain.ok) return outcome(ocf.notInstalled, domain.error);
  const { guest } = domain.value;
  const { promoted, refusal } = await volumes.promoteAll(drbdResourcesOf(guest), {
    stop,
    peerLimitMs,
  });
  const created = refusal === undefined ? await driver.create(guest, stop) : err(refusal);
  if (created.ok) return succeeded;
  // What still holds its disks open keeps them Primary: the refusal tells.
  const back = await volumes.demoteAll(promoted);
  const { error } = created;
  return outcome(ocf.genericError, back.ok ? error : `${error}; and ${back.error.why}`);
}

export async function stopGuest(context: XenContext, subject: Subject): Promise<AgentOutcome> {
  const { driver, volumes } = context;
  const { name, domain, stop, time } = subject;
  const known = await driver.known(name);
  // One that does not answer is killed and cut off in what is left.
  const state = await driver.state(name, Math.min(answerLimitMs(time), time.leftOfShareMs(1 / 3)));
  if (state.kind === "running" || state.kind === "paused") await shutDown(context, subject);
  // Also when it is gone already: its interfaces and files may be left.
  const limitMs = Math.max(1000, time.leftMs() - takeAwayMs);
  const destroyed = await driver.destroy(name, { limitMs, stop });
  if (stop.aborted) return abandoned;
  if (!destroyed.ok) {
    const guest = known ?? (domain.ok ? domain.value.guest : undefined);
    return await cutOff(context, { name, guest, why: destroyed.error });
  }
  // Safety: its volumes may be used elsewhere as soon as they are Secondary here.
  assert(driver.isGone(name), "nothing of the guest is left when its volumes are demoted");
  const resources = new Set([
    ...(known === undefined ? [] : drbdResourcesOf(known)),
    ...(domain.ok ? drbdResourcesOf(domain.value.guest) : []),
  ]);
  const demoted = await volumes.demoteAll([...resources]);
  if (demoted.ok) return succeeded;
  // Without its disk server a volume is not written by anyone here; its guest is gone.
  if (demoted.error.unasked) return outcome(ocf.success, demoted.error.why);
  // Somebody else holds one open; better that they are cut off than that the whole host is fenced.
  const why = `${name} is stopped, but ${demoted.error.why}`;
  const taken = await volumes.takeAllAway([...resources]);
  return taken.ok
    ? outcome(ocf.success, `${why}; it was taken away`)
    : outcome(ocf.genericError, why);
}

type Undying = { readonly name: string; readonly guest: Guest | undefined; readonly why: string };

/**
 * What is left of the guest when it does not end: killed, it executes nothing, and cut off from its disks nothing that it
 * asked for reaches them any more. Then it is stopped as far as anybody else is concerned, and its neighbours go on.
 */
async function cutOff(
  { driver, volumes }: XenContext,
  { name, guest, why }: Undying,
): Promise<AgentOutcome> {
  const failed = (more: string): AgentOutcome => outcome(ocf.genericError, `${why}; ${more}`);
  // Safety: only what provably executes nothing any more may be taken for stopped.
  if (!driver.isKilled(name)) return failed("it may still execute");
  if (guest === undefined) return failed("its disks are not known, so they can't be taken away");
  // Safety: what another host may also open cannot be taken away here.
  const own = guest.disks.find(({ readOnly, source }) => !readOnly && source.kind !== "drbd");
  if (own !== undefined) return failed(`its disk ${own.vdev} can't be taken away`);
  const taken = await volumes.takeAllAway(drbdResourcesOf(guest));
  if (!taken.ok) return failed(taken.error);
  return outcome(ocf.success, `${why}; it executes nothing, and its disks were taken away from it`);
}

/** Asks the guest to shut down and waits; what is left afterwards is powered off by the caller. */
async function shutDown(context: XenContext, subject: Subject): Promise<void> {
  const { driver, clock } = context;
  const { name, parameters, time, stop } = subject;
  const wanted = parameters.shutdownTimeoutMs ?? (time.totalMs * 2) / 3;
  const limitMs = Math.min(wanted, time.leftMs() - powerOffMs);
  if (limitMs <= 0) return;
  let pressAgain = clock.now();
  await poll(clock, { limitMs, stop }, async () => {
    if (clock.now() >= pressAgain) {
      await driver.askShutdown(name);
      pressAgain = after(clock.now(), pressAgainMs);
    }
    return driver.isGone(name) ? true : undefined;
  });
}

/** A state in which a guest neither runs nor is absent, as a sentence. */
export function describeState(
  name: string,
  state: Exclude<GuestState, { readonly kind: "absent" | "running" | "paused" }>,
): string {
  switch (state.kind) {
    case "disk-failed":
    case "stuck":
      return `${name} does not execute: ${state.why}`;
    case "killed":
      return `${name} was killed, and its process has not ended yet`;
    case "arriving":
      return `${name} is arriving here by a migration`;
    case "departed":
      return `${name} was sent away by a migration, and its process is still here`;
    case "unanswering":
      return `${name} is not answering: ${state.why}`;
    default:
      return unreachable(state);
  }
}
