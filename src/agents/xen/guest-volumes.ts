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

export class GuestVolumes {
  readonly #volumes: Volumes;
  readonly #clock: Clock;

  constructor(volumes: Volumes, clock: Clock) {
    this.#volumes = volumes;
    this.#clock = clock;
  }

  /**
   * Makes all Primary, in order. Refused as soon as the peer is Primary of one: its guest may execute there, whatever
   * DRBD would allow. When one is refused, those that were made Primary here are demoted again.
   * @param peerLimitMs how long the peer may take to be no longer Primary.
   */
  async promoteAll(
    resources: readonly string[],
    options: { readonly stop: StopSignal; readonly peerLimitMs: number },
  ): Promise<Result<readonly string[]>> {
    const promoted: string[] = [];
    for (const resource of resources) {
      const done = await this.#promote(resource, options);
      if (done.ok && done.value) promoted.push(resource);
      if (done.ok && !options.stop.aborted) continue;
      const back = await this.demoteAll(promoted);
      const why = done.ok ? "it was stopped" : done.error;
      return err(back.ok ? why : `${why}; and ${back.error.why}`);
    }
    return ok(promoted);
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

  /** Whether all are connected, UpToDate on both sides, and in the roles that a migration starts from. */
  async readyToMigrate(
    resources: readonly string[],
    here: "Primary" | "Secondary",
  ): Promise<Result<void>> {
    const there = here === "Primary" ? "Secondary" : "Primary";
    for (const resource of resources) {
      const answer = await this.#volumes.status(resource);
      if (!answer.ok) return err(describeRefusal(resource, "asked", answer).why);
      const { connection, disk, peerDisk, role, peerRole } = answer.value;
      const wanted = { connection: "Connected", disk: "UpToDate", peerDisk: "UpToDate" };
      const found = { connection, disk, peerDisk };
      for (const name of ["connection", "disk", "peerDisk"] as const)
        if (found[name] !== wanted[name])
          return err(
            `volume ${resource} is not ready: ${name} ${found[name]}, not ${wanted[name]}`,
          );
      if (role !== here || peerRole !== there)
        return err(`volume ${resource} is ${role}/${peerRole}, not ${here}/${there}`);
    }
    return ok(undefined);
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
    const answer = await this.#volumes.promote(resource);
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
