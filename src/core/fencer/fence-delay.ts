/**
 * pcmk_delay_base and pcmk_delay_max of a fence device: how long an order to it is held back, so that of two halves that
 * would fence each other one is sure to be first. Follows Pacemaker's device parameters: a base for all targets or of
 * each ("xen1:5s;xen2:0"), and up to the maximum a further delay by chance.
 */
import type { Prng } from "../../base/prng.ts";
import { intervalMsOr } from "../../formats/cib/interval.ts";
import type { FenceDevice } from "./types.ts";

export function fenceDelayMs({ params }: FenceDevice, target: string, prng: Prng): number {
  const baseMs = intervalMsOr(baseFor(params["pcmk_delay_base"] ?? "", target), 0);
  const maxMs = intervalMsOr(params["pcmk_delay_max"], 0);
  if (maxMs === 0) return baseMs;
  // A base above the maximum is a mistake; the maximum holds.
  return maxMs > baseMs ? baseMs + prng.below(maxMs - baseMs) : maxMs;
}

function baseFor(text: string, target: string): string {
  const entries = text.split(/[;\s]+/).map((entry) => entry.split(/[:=]/));
  const own = entries.find(([node, value]) => node === target && value !== undefined)?.[1];
  if (own !== undefined) return own;
  return entries.some(([, value]) => value !== undefined) ? "0" : text;
}
