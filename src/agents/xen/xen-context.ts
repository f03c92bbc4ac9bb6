/** What the parts of the agent share. */
import { elapsedMs } from "../../base/time.ts";
import type { Clock, StopSignal } from "../../ports/clock.ts";
import type { Files } from "../../ports/files.ts";
import type { PeerAgents } from "../../ports/peer-agents.ts";
import type { Processes } from "../../ports/processes.ts";
import type { GuestDriver } from "../guest/guest-driver.ts";
import type { DomainFile } from "./domain-file.ts";
import type { GuestLocks } from "./guest-locks.ts";
import type { GuestVolumes } from "./guest-volumes.ts";
import type { XenParameters } from "./xen-parameters.ts";

export type XenContext = {
  readonly driver: GuestDriver;
  readonly volumes: GuestVolumes;
  readonly files: Files;
  readonly clock: Clock;
  readonly processes: Processes;
  readonly peers: PeerAgents;
  readonly locks: GuestLocks;
  /** This node's name. */
  readonly node: string;
  /** The address at which the other nodes reach this one, for the memory of guests. */
  readonly address: () => string;
};

/** What one action is about. */
export type Subject = {
  /** The guest's name. */
  readonly name: string;
  readonly parameters: XenParameters;
  /** What its domain file says, or why it says nothing. */
  readonly domain: DomainFile;
  readonly stop: StopSignal;
  readonly time: ActionTime;
};

/** The time that the executor gives an action. */
export type ActionTime = {
  readonly totalMs: number;
  /** What is left of it; never negative. */
  leftMs(): number;
  /** What is left of its first part; never negative. */
  leftOfShareMs(share: number): number;
};

/** From now on. */
export function actionTime(clock: Clock, totalMs: number): ActionTime {
  const started = clock.now();
  const leftOfShareMs = (share: number): number =>
    Math.max(0, totalMs * share - elapsedMs(started, clock.now()));
  return { totalMs, leftMs: () => leftOfShareMs(1), leftOfShareMs };
}

/** What the cluster gives an operation that says nothing of its timeout. */
export const defaultTimeoutMs = 20_000;

/** A guest's control process that is silent for longer is not answering. */
export function answerLimitMs(time: ActionTime): number {
  return Math.min(15_000, time.leftOfShareMs(2 / 3));
}
