/**
 * The source's side of a live migration, in the order that keeps at most one Primary and one execution at any moment:
 *
 * 1. the target makes ready, executing nothing; its volumes are Secondary and UpToDate;
 * 2. the memory is sent while the guest executes here; up to the hand-over all can be cancelled;
 * 3. the memory is whole at the target: here the process ends, for good;
 * 4. the volumes here become Secondary;
 * 5. "go": the target promotes and executes.
 *
 * If it breaks in 1 or 2 the guest goes on here; in 3, 4 or 5 it executes nowhere, or at the target, and says so: the
 * cluster stops what is left on both nodes and starts the guest from its disks.
 */
import { err, ok, type Result } from "../../base/result.ts";
import { drbdResourcesOf, type Guest } from "../guest/guest.ts";
import type { ReceptionAddress } from "../guest/guest-driver.ts";
import { ocf, outcome, succeeded } from "../outcome.ts";
import type { AgentOutcome } from "../resource-agent.ts";
import { type MigrationVerb, printPreparation } from "./migration-words.ts";
import { answerLimitMs, type Subject, type XenContext } from "./xen-context.ts";

export const agentName = "ocf:heartbeat:Xen";

const prepareLimitMs = 15_000;
const goAnswerLimitMs = 15_000;
const discardLimitMs = 5000;
/** The part of the action's time by which a resync must have ended. */
const resyncShare = 0.4;
/** The part of the action's time by which the memory must have been sent. */
const sendShare = 0.75;

export class MigrationSource {
  readonly #context: XenContext;
  readonly #departing = new Set<string>();
  #count = 0;

  constructor(context: XenContext) {
    this.#context = context;
  }

  isDeparting(guest: string): boolean {
    return this.#departing.has(guest);
  }

  /** The action migrate_to. */
  async migrateTo(subject: Subject, target: string): Promise<AgentOutcome> {
    const { locks, node, clock } = this.#context;
    // From before the lock on: a monitor that comes now must not wait for the end of the migration.
    this.#departing.add(subject.name);
    try {
      return await locks.act(subject.name, subject.stop, async () => {
        const id = `${node}-${Math.floor(clock.wallNow())}-${++this.#count}`;
        return await this.#migrate({ subject, target, id });
      });
    } finally {
      this.#departing.delete(subject.name);
    }
  }

  async #migrate(move: Move): Promise<AgentOutcome> {
    const { driver, volumes } = this.#context;
    const { subject, target, id } = move;
    const { name, time } = subject;
    const offer = await this.#offer(subject);
    if (!offer.ok) return failed(`${name} can't be migrated to ${target}: ${offer.error}`);
    const words = printPreparation({ id, offer: offer.value, sendLimitMs: time.totalMs });
    const limitMs = Math.min(prepareLimitMs, time.leftOfShareMs(sendShare));
    const prepared = await this.#ask(move, { verb: "prepare", words, limitMs });
    if (!prepared.ok) {
      await this.#discard(move);
      return failed(`${target} can't take ${name}: ${prepared.error}`);
    }
    const resources = drbdResourcesOf(offer.value.guest);
    const sent = await driver.migration.send(name, prepared.value, {
      beforeHandOver: async () => {
        const ready = await volumes.readyToMigrate(resources, "Primary");
        return ready.ok ? undefined : ready.error;
      },
      stop: subject.stop,
      limitMs: time.leftOfShareMs(sendShare),
    });
    if (sent.kind === "departed") return await this.#handOver(move, resources);
    await this.#discard(move);
    const where = sent.kind === "stayed" ? "it goes on here" : "it may execute nowhere";
    return failed(`${name} was not migrated to ${target}: ${sent.why}; ${where}`);
  }

  async #offer(subject: Subject): ReturnType<XenContext["driver"]["migration"]["offer"]> {
    const { driver, volumes } = this.#context;
    const settled = await driver.migration.settle(subject.name, answerLimitMs(subject.time));
    if (!settled.ok) return settled;
    const state = await driver.state(subject.name, answerLimitMs(subject.time));
    if (state.kind !== "running") return err(`it is not running here (${state.kind})`);
    const offer = await driver.migration.offer(subject.name);
    if (!offer.ok) return offer;
    if (!offer.value.guest.migratable) return err("its domain file says nomigrate");
    const own = ownDisk(offer.value.guest);
    if (own !== undefined) return err(`its disk ${own} is not replicated`);
    // A node that has just come back is being resynced: better a move a little later than a restart now.
    const wait = { limitMs: subject.time.leftOfShareMs(resyncShare), stop: subject.stop };
    const resources = drbdResourcesOf(offer.value.guest);
    const ready = await volumes.readyToMigrate(resources, "Primary", wait);
    return ready.ok ? offer : ready;
  }

  /** The guest is gone here for good, and whole at the target. */
  async #handOver(move: Move, resources: readonly string[]): Promise<AgentOutcome> {
    const { subject, target, id } = move;
    const { name, stop } = subject;
    const lost = `${name} executes nowhere and has to be started from its disks`;
    const demoted = await this.#context.volumes.demoteAll(resources);
    if (!demoted.ok) {
      await this.#discard(move);
      return failed(`${demoted.error.why}; ${lost}`);
    }
    if (stop.aborted) {
      await this.#discard(move);
      return failed(`the migration was stopped after the hand-over; ${lost}`);
    }
    const words = { guest: name, id };
    const went = await this.#ask(move, { verb: "go", words, limitMs: goAnswerLimitMs });
    if (went.ok) return succeeded;
    return failed(`${target} did not confirm that ${name} goes on there: ${went.error}`);
  }

  async #discard(move: Move): Promise<void> {
    const words = { guest: move.subject.name, id: move.id };
    // Unheard, the target throws it away by itself a little later.
    await this.#ask(move, { verb: "discard", words, limitMs: discardLimitMs });
  }

  async #ask(move: Move, question: Question): Promise<Result<ReceptionAddress>> {
    const { verb, words, limitMs } = question;
    const request = { agent: agentName, verb, params: words };
    try {
      const reply = await this.#context.peers.request(move.target, request, limitMs);
      return reply.ok ? ok(reply.values) : err(reply.message);
    } catch (error) {
      return err(error instanceof Error ? error.message : String(error));
    }
  }
}

type Move = { readonly subject: Subject; readonly target: string; readonly id: string };

type Question = {
  readonly verb: MigrationVerb;
  readonly words: Readonly<Record<string, string>>;
  readonly limitMs: number;
};

/** A disk that the other node may have under the same name with other contents. */
function ownDisk(guest: Guest): string | undefined {
  return guest.disks.find(({ source, readOnly }) => source.kind !== "drbd" && !readOnly)?.vdev;
}

function failed(reason: string): AgentOutcome {
  return outcome(ocf.genericError, reason);
}
