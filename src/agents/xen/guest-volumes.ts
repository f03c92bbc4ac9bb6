/**
 * A guest's replicated disks as one thing: all Primary here before the guest executes, all Secondary here when it is
 * gone. DRBD refuses with its own words; they are passed on with the resource's name.
 */
import { assert } from "../../base/assert.ts";
import { err, ok, type Result } from "../../base/result.ts";
import type { Clock, StopSignal } from "../../ports/clock.ts";
import type { VolumeAnswer, Volumes } from "../../ports/volumes.ts";
import { poll } from "../time-limit.ts";

/** DRBD's "Device is held open by someone": a process that has just ended may still be noticed. */
const heldOpen = -12;
const heldOpenLimitMs = 5000;
/** DRBD's "In transient state, retry after next state change". */
const inTransition = -18;
const inTransitionLimitMs = 5000;
/** While a resync is waited for. */
const askAgainMs = 250;
/** Connection states without a peer (drbd.conf(5) of DRBD 8.4, "cstate"): nothing comes of waiting. */
const lostConnections: ReadonlySet<string> = new Set([
  ...["StandAlone", "Disconnecting", "Unconnected", "Timeout", "BrokenPipe", "NetworkFailure"],
  ...["ProtocolError", "TearDown", "WFConnection", "Unknown"],
]);

export class GuestVolumes {
  readonly #volumes: Volumes;
  readonly #clock: Clock;

  constructor(volumes: Volumes, clock: Clock) {
    this.#volumes = volumes;
    this.#clock = clock;
  }

  /**
   * Makes all Primary, in order, up to the first refusal. Refused is also what the peer is Primary of: its guest may
   * execute there, whatever DRBD would allow. Those that were made Primary are the caller's to demote again.
   * @param peerLimitMs how long the peer may take to be no longer Primary.
   */
  async promoteAll(
    resources: readonly string[],
    options: { readonly stop: StopSignal; readonly peerLimitMs: number },
  ): Promise<Promotion> {
    const promoted: string[] = [];
    for (const resource of resources) {
      const done = await this.#promote(resource, options);
      if (!done.ok) return { promoted, refusal: done.error };
      if (done.value) promoted.push(resource);
      if (options.stop.aborted) return { promoted, refusal: "it was stopped" };
    }
    return { promoted, refusal: undefined };
  }

  /** Makes all Secondary, last first, and tries the others when one refuses; the first refusal is the error. */
  async demoteAll(resources: readonly string[]): Promise<Result<void, DemoteRefusal>> {
    let refused: DemoteRefusal | undefined;
    for (const resource of resources.toReversed()) {
      const answer = await this.#demote(resource);
      if (!answer.ok) refused ??= describeRefusal(resource, "demoted", answer);
    }
    return refused === undefined ? ok(undefined) : err(refused);
  }

  /** Takes all away from a guest that was killed: whoever holds them open is cut off. The first refusal is the error. */
  async takeAllAway(resources: readonly string[]): Promise<Result<void>> {
    for (const resource of resources) {
      const answer = await this.#volumes.demote(resource, { takeAway: true });
      if (!answer.ok) return err(describeRefusal(resource, "taken away", answer).why);
    }
    return ok(undefined);
  }

  /**
   * Those that are Secondary though their guest runs here: a disk server that was restarted begins as Secondary. One
   * that does not answer is not among them.
   */
  async secondaries(resources: readonly string[]): Promise<readonly string[]> {
    const found: string[] = [];
    for (const resource of resources) {
      const answer = await this.#volumes.status(resource);
      if (answer.ok && answer.value.role === "Secondary") found.push(resource);
    }
    return found;
  }

  /**
   * Whether all are connected, UpToDate on both sides, and in the roles that a migration starts from. A resync that is
   * under way, or about to begin, is waited for.
   */
  async readyToMigrate(
    resources: readonly string[],
    here: "Primary" | "Secondary",
    wait: { readonly limitMs: number; readonly stop?: StopSignal } = { limitMs: 0 },
  ): Promise<Result<void>> {
    let found: Result<void> = ok(undefined);
    await poll(this.#clock, { ...wait, everyMs: askAgainMs }, async () => {
      const { ready, mayBecome } = await this.#lookToMigrate(resources, here);
      found = ready;
      return ready.ok || !mayBecome ? true : undefined;
    });
    return found;
  }

  async #lookToMigrate(
    resources: readonly string[],
    here: "Primary" | "Secondary",
  ): Promise<{ readonly ready: Result<void>; readonly mayBecome: boolean }> {
    const there = here === "Primary" ? "Secondary" : "Primary";
    const not = (why: string, mayBecome = false) => ({ ready: err(why), mayBecome });
    for (const resource of resources) {
      const answer = await this.#volumes.status(resource);
      if (!answer.ok) return not(describeRefusal(resource, "asked", answer).why);
      const { connection, disk, peerDisk, role, peerRole } = answer.value;
      if (role !== here || peerRole !== there)
        return not(`volume ${resource} is ${role}/${peerRole}, not ${here}/${there}`);
      if (connection !== "Connected" || disk !== "UpToDate" || peerDisk !== "UpToDate")
        return not(
          `volume ${resource} is not in sync: ${connection}, ${disk}/${peerDisk}`,
          !lostConnections.has(connection),
        );
    }
    return { ready: ok(undefined), mayBecome: true };
  }

  /** True when it was made Primary here, false when it was so before. */
  async #promote(
    resource: string,
    options: { readonly stop: StopSignal; readonly peerLimitMs: number },
  ): Promise<Result<boolean>> {
    const limit = { limitMs: options.peerLimitMs, stop: options.stop };
    const status = await poll(this.#clock, limit, async () => {
      const answer = await this.#volumes.status(resource);
      return answer.ok && answer.value.peerRole === "Primary" ? undefined : answer;
    });
    // Safety: law 2; allow-two-primaries is for the migration's window, which this agent does not need.
    if (status === undefined)
      return err(`volume ${resource} is Primary on the peer, where its guest may run`);
    if (!status.ok) return err(describeRefusal(resource, "promoted", status).why);
    assert(status.value.peerRole !== "Primary", "no other Primary is known");
    const wasPrimary = status.value.role === "Primary";
    let answer = await this.#volumes.promote(resource);
    await poll(this.#clock, { limitMs: inTransitionLimitMs, stop: options.stop }, async () => {
      if (answer.ok || answer.code !== inTransition) return true;
      answer = await this.#volumes.promote(resource);
      return answer.ok ? true : undefined;
    });
    if (!answer.ok) return err(describeRefusal(resource, "promoted", answer).why);
    return ok(!wasPrimary);
  }

  async #demote(resource: string): Promise<VolumeAnswer<void>> {
    let answer = await this.#volumes.demote(resource);
    await poll(this.#clock, { limitMs: heldOpenLimitMs }, async () => {
      if (answer.ok || answer.code !== heldOpen) return true;
      answer = await this.#volumes.demote(resource);
      return answer.ok ? true : undefined;
    });
    return answer;
  }
}

export type Promotion = {
  /** What was not Primary here before. */
  readonly promoted: readonly string[];
  readonly refusal: string | undefined;
};

export type DemoteRefusal = {
  readonly why: string;
  /** The disk server did not answer at all: whether the volume is Primary is not known. */
  readonly unasked: boolean;
};

function describeRefusal(
  resource: string,
  what: string,
  answer: { readonly code: number; readonly message: string },
): DemoteRefusal {
  const code = answer.code === 0 ? "" : `(${answer.code}) `;
  return {
    why: `volume ${resource} can't be ${what}: ${code}${answer.message}`,
    unasked: answer.code === 0,
  };
}
