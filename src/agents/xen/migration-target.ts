/**
 * The target's side of live migrations: at most one a guest. What has arrived executes only after "go", which comes
 * once, from the node that asked, for the migration that it named; without it, it is thrown away.
 */
import { err, type Result } from "../../base/result.ts";
import type { PeerAgentReply } from "../../ports/peer-agents.ts";
import { drbdResourcesOf, type Guest } from "../guest/guest.ts";
import type { Reception } from "../guest/guest-driver.ts";
import { type StopSource, stopSource } from "../stop-source.ts";
import { late, withinLimit } from "../time-limit.ts";
import { type Preparation, parsePreparation } from "./migration-words.ts";
import type { XenContext } from "./xen-context.ts";

/** From the arrival of the memory to "go": the source ends its QEMU and demotes its volumes. */
const goLimitMs = 15_000;
/** The source has seen both sides in sync; here that may be told a little later. */
const inSyncLimitMs = 2000;
/** From "go" until the source's volumes are seen to be Secondary. */
const peerLimitMs = 5000;
/** Both sides learn of the arrival at about the same time; "go" may be a little quicker. */
const arrivalLimitMs = 5000;
const destroyLimitMs = 10_000;
const answerLimitMs = 5000;

type Arrival = {
  readonly id: string;
  readonly from: string;
  readonly guest: Guest;
  readonly reception: Reception;
  /** Ends the watch over it: it was released or thrown away. */
  readonly over: StopSource;
};

export class MigrationTarget {
  readonly #context: XenContext;
  readonly #arrivals = new Map<string, Arrival>();

  constructor(context: XenContext) {
    this.#context = context;
  }

  isArriving(guest: string): boolean {
    return this.#arrivals.has(guest);
  }

  /** The guest is being stopped or started here: a "go" that comes now is refused. Its lock is held. */
  forget(guest: string): void {
    this.#arrivals.get(guest)?.over.stop();
    this.#arrivals.delete(guest);
  }

  async prepare(words: Readonly<Record<string, string>>, from: string): Promise<PeerAgentReply> {
    const preparation = parsePreparation(words);
    if (!preparation.ok) return refused(preparation.error);
    const { guest } = preparation.value.offer;
    return await this.#context.locks.hold(guest.name, async () => {
      const reception = await this.#receive(preparation.value);
      if (!reception.ok) return refused(reception.error);
      const arrival: Arrival = {
        id: preparation.value.id,
        from,
        guest,
        reception: reception.value,
        over: stopSource(),
      };
      this.#arrivals.set(guest.name, arrival);
      void this.#watch(arrival, preparation.value.sendLimitMs);
      return { ok: true, values: reception.value.at };
    });
  }

  async go(words: Readonly<Record<string, string>>, from: string): Promise<PeerAgentReply> {
    return await this.#withArrival(words, from, async (arrival) => {
      const { clock, volumes, driver } = this.#context;
      // One "go" is all there is: whatever comes of it, this arrival is over when the lock is released.
      this.forget(arrival.guest.name);
      const arrived = await withinLimit(clock, arrivalLimitMs, arrival.reception.arrived);
      if (arrived !== true) return await this.#throwAway(arrival, "its memory has not arrived");
      const { promoted, refusal } = await volumes.promoteAll(drbdResourcesOf(arrival.guest), {
        stop: stopSource().signal,
        peerLimitMs,
      });
      const released =
        refusal === undefined ? await driver.migration.release(arrival.guest.name) : err(refusal);
      if (released.ok) return { ok: true, values: {} };
      // It holds the volumes open: first it goes, then they become Secondary.
      const reply = await this.#throwAway(arrival, released.error);
      await volumes.demoteAll(promoted);
      return reply;
    });
  }

  async discard(words: Readonly<Record<string, string>>, from: string): Promise<PeerAgentReply> {
    return await this.#withArrival(words, from, async (arrival) => {
      this.forget(arrival.guest.name);
      await this.#throwAway(arrival, "it was not wanted any more");
      return { ok: true, values: {} };
    });
  }

  async #receive(preparation: Preparation): Promise<Result<Reception>> {
    const { driver, volumes, address } = this.#context;
    const { id, offer } = preparation;
    const { name } = offer.guest;
    if (this.#arrivals.has(name)) return err(`another migration of ${name} is under way`);
    const settled = await driver.migration.settle(name, destroyLimitMs);
    if (!settled.ok) return settled;
    const state = await driver.state(name, answerLimitMs);
    if (state.kind !== "absent") return err(`${name} is here already (${state.kind})`);
    const resources = drbdResourcesOf(offer.guest);
    const ready = await volumes.readyToMigrate(resources, "Secondary", { limitMs: inSyncLimitMs });
    if (!ready.ok) return ready;
    return await driver.migration.receive(offer, {
      address: address(),
      id,
      stop: stopSource().signal,
    });
  }

  async #watch(arrival: Arrival, sendLimitMs: number): Promise<void> {
    const { clock, locks } = this.#context;
    const arrived = await withinLimit(clock, sendLimitMs, arrival.reception.arrived);
    if (arrived === true) await clock.sleep(goLimitMs, arrival.over.signal);
    await locks.hold(arrival.guest.name, async () => {
      // Safety: only while no "go" was taken; that and this hold the same lock.
      if (this.#arrivals.get(arrival.guest.name) !== arrival) return;
      this.forget(arrival.guest.name);
      await this.#throwAway(arrival, arrived === late ? "it came too late" : "nobody said go");
    });
  }

  async #withArrival(
    words: Readonly<Record<string, string>>,
    from: string,
    body: (arrival: Arrival) => Promise<PeerAgentReply>,
  ): Promise<PeerAgentReply> {
    const name = words["guest"] ?? "";
    return await this.#context.locks.hold(name, async () => {
      const arrival = this.#arrivals.get(name);
      if (arrival === undefined || arrival.id !== words["id"] || arrival.from !== from)
        return refused(`no memory of "${name}" waits here for that migration`);
      return await body(arrival);
    });
  }

  async #throwAway(arrival: Arrival, why: string): Promise<PeerAgentReply> {
    const limit = { limitMs: destroyLimitMs };
    const destroyed = await this.#context.driver.destroy(arrival.guest.name, limit);
    return refused(destroyed.ok ? why : `${why}; and ${destroyed.error}`);
  }
}

function refused(message: string): PeerAgentReply {
  return { ok: false, message };
}
