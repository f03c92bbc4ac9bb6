/** What all parts of a simulated cluster share. */
import { type WallTime, wallTime } from "../../../src/base/time.ts";
import type { SimClock } from "../../kernel/sim-clock.ts";
import type { SimNetwork } from "../../kernel/sim-network.ts";
import type { Trace } from "../../kernel/trace.ts";
import type { SimWorld } from "../../replication/sim-node.ts";

/** 2009-04-06 21:30 UTC, when a run begins. */
const beginMs = 1_239_053_400_000;

export type World = SimWorld & {
  readonly clock: SimClock;
  readonly network: SimNetwork;
  readonly trace: Trace;
};

export function wallNow(world: World): WallTime {
  return wallTime(beginMs + world.clock.now);
}

export function traceLine(world: World, who: string, text: string): void {
  world.trace.write(`${world.clock.now.toFixed(3).padStart(11)} ${who} ${text}`);
}
