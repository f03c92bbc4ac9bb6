/**
 * Whether, and when, the cluster may have a node fenced. Who fences everybody at once can end with nobody; who fences
 * without being able to go on takes guests down for nothing (takeover: one must gain by it).
 */
import { after, type Instant } from "../../base/time.ts";
import type { Losses } from "./losses.ts";
import { optionMs } from "./read-option.ts";
import type { FencerWorld } from "./types.ts";

/** From the return of a host's disk servers until its daemon has joined. */
const returnMs = 10_000;

export type Gate =
  | { readonly kind: "open" }
  | { readonly kind: "wait"; readonly until: Instant; readonly why: string }
  | { readonly kind: "refused"; readonly code: "HF6105" | "HF6106"; readonly why: string };

/** @param wanted `delayMs`: priority-fencing-delay, where the target runs what is more important. */
export function fenceGate(
  world: FencerWorld,
  losses: Losses,
  wanted: { readonly target: string; readonly delayMs: number },
  now: Instant,
): Gate {
  const { target, delayMs } = wanted;
  const loss = losses.get(target);
  // A member that is fenced (a stop failed) does not fence back, nor is it in doubt.
  if (world.isMember(target)) return { kind: "open" };
  // A remote node has no copies and fences nobody.
  if (!world.nodes.includes(target)) return { kind: "open" };
  if (!losses.hasMet(target) && loss !== undefined && hasMajority(world)) {
    return latecomer(world, { target, lostAt: loss.lostAt }, now);
  }
  if (!losses.hasMet(target) || loss === undefined) {
    const why = `${world.self} has not met ${target} since its start: it cannot know whose copy is the newer`;
    return { kind: "refused", code: "HF6105", why };
  }
  const back = losses.disksBackSince(target);
  if (back !== undefined && now < after(back, returnMs)) {
    const why = `the disk servers of ${target} are back, and its holdfastd is waited for`;
    return { kind: "wait", until: after(back, returnMs), why };
  }
  const { whole, partial } = world.copiesWithout(target);
  const lacking = partial.map(({ resource, reason }) => `${resource}: ${reason}`).join("; ");
  if (partial.length > 0 && whole.length === 0) {
    const why = `without ${target} no guest could go on (${lacking})`;
    return { kind: "refused", code: "HF6106", why };
  }
  if (partial.length > 0) {
    const until = after(loss.lostAt, world.partialCopyDelayMs);
    const why = `${target} may fence first: not all copies are whole here (${lacking})`;
    if (now < until) return { kind: "wait", until, why };
  }
  if (delayMs > 0) {
    const until = after(loss.lostAt, delayMs);
    const why = `${target} goes first if it is alive: it runs what is more important`;
    return now < until ? { kind: "wait", until, why } : { kind: "open" };
  }
  return turn(world, losses, target, now);
}

/** Here are more than half of the cluster: no others can go on elsewhere, with newer copies or older ones. */
function hasMajority({ nodes, self, isMember }: FencerWorld): boolean {
  return nodes.filter((node) => node === self || isMember(node)).length * 2 > nodes.length;
}

/**
 * startup-fencing: who was not heard since this node's start may be late, after an outage of all of them. It has until
 * initdead, and then dc-deadtime. What its copies are is another question, and fencing does not answer it.
 */
function latecomer(
  world: FencerWorld,
  { target, lostAt }: { readonly target: string; readonly lostAt: Instant },
  now: Instant,
): Gate {
  const until = after(lostAt, optionMs(world.cib(), "dc-deadtime"));
  const why = `${target} was not heard since the start of ${world.self}, and is waited for as long as dc-deadtime`;
  return now < until ? { kind: "wait", until, why } : { kind: "open" };
}

/** Two nodes, no witness: who ran guests when both last met goes first; else the lower name. */
function turn(world: FencerWorld, losses: Losses, target: string, now: Instant): Gate {
  const loss = losses.get(target);
  if (world.nodes.length !== 2 || loss === undefined) return { kind: "open" };
  const { ranHere, ranThere, lostAt } = loss;
  const isFirst = ranHere === ranThere ? world.self < target : ranHere;
  if (isFirst) return { kind: "open" };
  const until = after(lostAt, world.secondFencerDelayMs);
  const why = `${target} goes first if it is alive: ${ranThere ? "it ran guests" : "it has the lower name"}`;
  return now < until ? { kind: "wait", until, why } : { kind: "open" };
}
