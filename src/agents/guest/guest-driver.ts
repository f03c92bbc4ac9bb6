/**
 * What runs guests on this node: QEMU; Xen's xl fits beside it. A driver knows processes, devices and memory; it knows
 * no cluster and no DRBD role. Its caller sees to it that a guest's volumes are Primary before anything executes.
 * The world's refusals are values: one sentence each, without its full stop.
 */
import type { Result } from "../../base/result.ts";
import type { StopSignal } from "../../ports/clock.ts";
import type { Guest } from "./guest.ts";

export type GuestState =
  /** Provably: no process of this guest is left. */
  | { readonly kind: "absent" }
  | { readonly kind: "running" }
  /** A person paused it. */
  | { readonly kind: "paused" }
  /** One of its disks failed: it is paused, and tries again when it is resumed. */
  | { readonly kind: "disk-failed"; readonly why: string }
  /** It is there, executes nothing and will not go on by itself: a panic … */
  | { readonly kind: "stuck"; readonly why: string }
  /** It holds, or waits for, the memory of a guest that executes elsewhere; it executes nothing. */
  | { readonly kind: "arriving" }
  /** Its memory was sent away: it must never execute again. */
  | { readonly kind: "departed" }
  /** It was killed and executes nothing any more; its process has not left the kernel yet. */
  | { readonly kind: "killed" }
  /** Its process is there and does not say what it does. */
  | { readonly kind: "unanswering"; readonly why: string };

export type GuestDriver = {
  /** For sentences: "QEMU". */
  readonly name: string;
  /** @param limitMs after this, silence is "unanswering". */
  state(guest: string, limitMs: number): Promise<GuestState>;
  /** Whether, provably, no process of the guest is here. */
  isGone(guest: string): boolean;
  /**
   * Whether it executes nothing any more and never will, though something of it may be left: it is gone, or was killed. What
   * it had asked of its disks may still be done, until they are taken away from it.
   */
  isKilled(guest: string): boolean;
  /** What runs, as it was created here or elsewhere; undefined when nothing is known of it. */
  known(guest: string): Promise<Guest | undefined>;
  /** Does ahead of time what would hold up the guest's first start here. */
  prepare(guest: Guest): Promise<void>;
  /** Powers a guest on. Refuses when anything of it is here. When it fails, nothing of it is left. */
  create(guest: Guest, stop: StopSignal): Promise<Result<void>>;
  /** Lets a guest go on whose disk had failed. */
  resume(guest: string): Promise<Result<void>>;
  /** Asks the guest's system to shut down, as a power button does; a paused guest goes on for that. */
  askShutdown(guest: string): Promise<Result<void>>;
  /** Ends the guest at once. ok only when it provably executes nothing any more and never will. */
  destroy(
    guest: string,
    limit: { readonly limitMs: number; readonly stop?: StopSignal },
  ): Promise<Result<void>>;
  /** Why a guest that is absent ended, as far as is known. */
  lastWords(guest: string): Promise<string | undefined>;
  readonly migration: GuestMigration;
};

/**
 * Live migration. The source sends "go" by other means than these, only after `send` said "departed" and its volumes
 * are Secondary; only after "go" the target calls `release`, its volumes Primary. Nothing else makes the arrived
 * memory execute, and nothing at all makes the departed one.
 */
export type GuestMigration = {
  /** Source: what a target has to know to build the same machine. */
  offer(guest: string): Promise<Result<MigrationOffer>>;
  /** Target: a machine that waits for the memory, executing nothing. When it fails, nothing of it is left. */
  receive(offer: MigrationOffer, terms: ReceiveTerms): Promise<Result<Reception>>;
  /** Source: sends a running guest's memory. */
  send(guest: string, reception: ReceptionAddress, control: SendControl): Promise<SendOutcome>;
  /** Target: the arrived memory executes from now on. */
  release(guest: string): Promise<Result<void>>;
  /**
   * Either side, when no migration of this guest is under way in this process: ends what one left behind that was
   * broken off, by the same rules. A memory that was not sent whole goes on executing here; all others are destroyed.
   */
  settle(guest: string, limitMs: number): Promise<Result<void>>;
};

export type MigrationOffer = {
  readonly guest: Guest;
  /** What both sides must have alike, in the driver's own words. */
  readonly machine: Readonly<Record<string, string>>;
};

export type ReceiveTerms = {
  /** Where the source can reach this node. */
  readonly address: string;
  /** The migration's id: names its key. */
  readonly id: string;
  readonly stop: StopSignal;
};

/** Flat text: it travels to the source. */
export type ReceptionAddress = Readonly<Record<string, string>>;

export type Reception = {
  readonly at: ReceptionAddress;
  /** Settles when the memory is whole (true), or can't be any more (false); never rejects. */
  readonly arrived: Promise<boolean>;
};

export type SendControl = {
  /** The guest is halted and may still go on: a reason not to hand over, if there is one. */
  beforeHandOver(): Promise<string | undefined>;
  /** Cancels, up to the hand-over. */
  readonly stop: StopSignal;
  readonly limitMs: number;
};

export type SendOutcome =
  /** The target has the memory whole, and here nothing is left of the guest. */
  | { readonly kind: "departed" }
  /** Not handed over: the guest executes here as before. */
  | { readonly kind: "stayed"; readonly why: string }
  /** It is not known to execute here, and the target must not be told to go. */
  | { readonly kind: "unclear"; readonly why: string };
