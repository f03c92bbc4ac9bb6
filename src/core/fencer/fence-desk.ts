/**
 * Orders to fence: one order a node at a time, with all who wait for it; what waits for its turn; and the history. Evidence
 * that the node is off, of whatever kind, ends an order that waits or hangs: nobody waits longer than needed.
 */
import { compareText } from "../../base/compare.ts";
import { after, earliest, type Instant } from "../../base/time.ts";
import type { EvidenceTable } from "./evidence-table.ts";
import { fenceDelayMs } from "./fence-delay.ts";
import { fenceLevels } from "./fence-devices.ts";
import { fenceGate } from "./fence-gate.ts";
import { FenceOrder, type OrderStep } from "./fence-order.ts";
import type { Losses } from "./losses.ts";
import { optionMs } from "./read-option.ts";
import type {
  FenceAction,
  FenceAgentEnded,
  FenceDevice,
  FencerEffect,
  FencerNotice,
  FencerWorld,
  FencingRecord,
} from "./types.ts";

const historyMax = 100;
const retryFirstMs = 1000;
const retryLastMs = 60_000;
/** After a refusal only evidence helps; it is looked at again all the same. */
const refusedRetryMs = 60_000;

type Client = { readonly id: number; readonly by: string };

type Job = {
  readonly target: string;
  readonly action: FenceAction;
  readonly clients: Client[];
  /** The cluster itself waits for it. */
  byCluster: boolean;
  readonly began: number;
  /** Since the loss, because the target runs what is more important. */
  readonly delayMs: number;
  order: FenceOrder | undefined;
  /** Its device holds orders back until then; undefined before its turn has come. */
  delayedUntil: Instant | undefined;
  waitUntil: Instant | undefined;
  /** Its target came back while a device was at work: nothing more is ordered for it. */
  isBack: boolean;
  why: string;
};

type Now = { readonly now: Instant; readonly wallMs: number };

export class FenceDesk {
  readonly #world: FencerWorld;
  readonly #evidence: EvidenceTable;
  readonly #losses: Losses;
  readonly #newToken: () => number;
  readonly #jobs = new Map<string, Job>();
  /** Nodes that are off and are switched on again. */
  readonly #wakings = new Map<number, FenceOrder>();
  readonly #failures = new Map<string, number>();
  #history: readonly FencingRecord[] = [];

  constructor(
    world: FencerWorld,
    parts: { readonly evidence: EvidenceTable; readonly losses: Losses; newToken(): number },
  ) {
    this.#world = world;
    this.#evidence = parts.evidence;
    this.#losses = parts.losses;
    this.#newToken = () => parts.newToken();
  }

  /** Oldest first; those under way last. */
  history(): readonly FencingRecord[] {
    const now = [...this.#jobs.values()].sort((a, b) => compareText(a.target, b.target));
    return [
      ...this.#history,
      ...now.map(
        (job): FencingRecord => ({
          ...{ target: job.target, action: job.action, origin: originOf(job), began: job.began },
          state: job.order === undefined ? "waiting" : "running",
          ...(job.order?.device !== undefined && { device: job.order.device }),
          ...(job.why !== "" && { why: job.why }),
        }),
      ),
    ];
  }

  request(
    wanted: {
      readonly target: string;
      readonly action: FenceAction;
      readonly delayMs?: number;
      readonly client: Client | undefined;
    },
    at: Now,
  ): readonly FencerEffect[] {
    const { target, action, client, delayMs = 0 } = wanted;
    const known = this.#jobs.get(target);
    if (known !== undefined && (known.action === "on") === (action === "on")) {
      known.isBack = false;
      if (client === undefined) known.byCluster = true;
      else known.clients.push(client);
      return client === undefined ? [] : this.#start(known, at);
    }
    if (known !== undefined) return this.#refuseSecond({ target, action }, client);
    const job: Job = {
      ...{ target, action, clients: client === undefined ? [] : [client] },
      ...{ byCluster: client === undefined, began: at.wallMs, delayMs },
      ...{
        order: undefined,
        delayedUntil: undefined,
        waitUntil: undefined,
        isBack: false,
        why: "",
      },
    };
    this.#jobs.set(target, job);
    return this.#start(job, at);
  }

  onAgentEnded(event: FenceAgentEnded, at: Now): readonly FencerEffect[] {
    const waking = this.#wakings.get(event.token);
    if (waking !== undefined) {
      this.#wakings.delete(event.token);
      return this.#onWaking(waking, waking.onEnded(event));
    }
    const job = [...this.#jobs.values()].find(({ order }) => order?.token === event.token);
    if (job?.order === undefined) return [];
    return this.#onStep(job, job.order.onEnded(event), at);
  }

  /** Time has passed, or more is known. */
  review(at: Now): readonly FencerEffect[] {
    return [...this.#jobs.values()]
      .sort((a, b) => compareText(a.target, b.target))
      .flatMap((job) =>
        job.order === undefined ? this.#start(job, at) : this.#endIfProven(job, at),
      );
  }

  /**
   * It is back: failures of before say nothing, and what only waited is not wanted any more. A device that is at work is
   * not stopped, but what it does not bring about is not tried again.
   */
  onJoined(target: string, at: Now): readonly FencerEffect[] {
    this.#failures.delete(target);
    const job = this.#jobs.get(target);
    if (job === undefined || job.clients.length > 0) return [];
    if (job.order === undefined) return this.#endAsBack(job, at);
    job.isBack = true;
    return [];
  }

  #endAsBack(job: Job, at: Now): readonly FencerEffect[] {
    const why = `${job.target} is back`;
    return this.#end(job, { state: "refused", why, retryInMs: undefined }, at);
  }

  nextDeadline(): Instant | undefined {
    return earliest(...[...this.#jobs.values()].map((job) => job.waitUntil));
  }

  #start(job: Job, at: Now): readonly FencerEffect[] {
    if (job.order !== undefined) return [];
    const { target, action } = job;
    if (action !== "on" && job.clients.length === 0) {
      const ended = this.#endIfProven(job, at);
      if (ended.length > 0) return ended;
      const gate = fenceGate(this.#world, this.#losses, job, at.now);
      if (gate.kind === "refused") {
        const message = `${target} is not fenced: ${gate.why}.`;
        return [
          notice("error", gate.code, message, { target }),
          ...this.#end(job, { state: "refused", why: gate.why, retryInMs: refusedRetryMs }, at),
        ];
      }
      if (gate.kind === "wait") return this.#wait(job, gate);
      const delay = this.#deviceDelay(job, at.now);
      if (delay !== undefined) return this.#wait(job, delay);
    }
    const how = { levels: fenceLevels(this.#world.cib(), target), timeoutMs: this.#timeoutMs() };
    job.waitUntil = undefined;
    job.why = "";
    job.order = new FenceOrder(target, action === "on" ? "on" : "off", {
      ...how,
      newToken: this.#newToken,
    });
    return this.#onStep(job, job.order.begin(), at);
  }

  /** Of the first device only, counted from when the order's turn has come: so one of two halves is sure to be first. */
  #deviceDelay(
    job: Job,
    now: Instant,
  ): { readonly until: Instant; readonly why: string } | undefined {
    const device = fenceLevels(this.#world.cib(), job.target)[0]?.[0];
    if (device === undefined) return undefined;
    job.delayedUntil ??= after(now, fenceDelayMs(device, job.target, this.#world.prng));
    if (now >= job.delayedUntil) return undefined;
    return { until: job.delayedUntil, why: `${device.id} holds orders back (pcmk_delay)` };
  }

  /** A device that hangs, or is out of reach, holds nobody up once it is known otherwise that the node is off. */
  #endIfProven(job: Job, at: Now): readonly FencerEffect[] {
    const { target, action, clients } = job;
    if (action === "on" || clients.length > 0) return [];
    const proof = this.#evidence.peerAnswer(target, { silenceCounts: false });
    if (proof === undefined) return [];
    return this.#end(job, { state: "done", why: proof.kind, retryInMs: undefined }, at);
  }

  #wait(
    job: Job,
    gate: { readonly until: Instant; readonly why: string },
  ): readonly FencerEffect[] {
    const isNew = job.why !== gate.why;
    job.waitUntil = gate.until;
    job.why = gate.why;
    if (!isNew) return [];
    const { target } = job;
    return [
      notice("info", "HF6113", `The order to fence ${target} waits: ${gate.why}.`, { target }),
    ];
  }

  #timeoutMs(): number {
    return optionMs(this.#world.cib(), "fencing-timeout");
  }

  #onStep(job: Job, step: OrderStep, at: Now): readonly FencerEffect[] {
    const { target, action } = job;
    const isHalfDone = job.order?.hasActed === true;
    if (job.isBack && step.kind !== "done" && !isHalfDone) return this.#endAsBack(job, at);
    switch (step.kind) {
      case "run":
        return [step.effect, { kind: "changed" }];
      case "failed": {
        const failed = this.#failures.get(target) ?? 0;
        this.#failures.set(target, failed + 1);
        const retryInMs = Math.min(retryLastMs, retryFirstMs * 2 ** Math.min(failed, 10));
        const noDevice = fenceLevels(this.#world.cib(), target).length === 0;
        const code = noDevice ? "HF6107" : "HF6104";
        const message = `${target} could not be ${action === "on" ? "switched on" : "fenced"}: ${step.why}.`;
        return [
          notice("error", code, message, { target, action }),
          ...this.#end(job, { state: "failed", why: step.why, retryInMs }, at),
        ];
      }
      case "done":
        return this.#onDone(job, step.devices, at);
    }
  }

  #onDone(job: Job, devices: readonly FenceDevice[], at: Now): readonly FencerEffect[] {
    const { target, action } = job;
    const names = devices.map((device) => device.id).join(", ");
    this.#failures.delete(target);
    if (action === "on") return this.#end(job, { state: "done", device: names }, at);
    // Of a remote node nobody notices here that it is back, and what was proven once would count for the next loss.
    if (this.#world.nodes.includes(target)) {
      this.#evidence.add({ kind: "power-off", about: target, since: at.wallMs });
    }
    const message = `${target} is off: ${names} read it back after the order.`;
    const effects = [
      notice("warn", "HF6103", message, { target, device: names }),
      ...this.#end(job, { state: "done", device: names }, at),
    ];
    return action === "reboot" ? [...effects, ...this.#wake(target, devices)] : effects;
  }

  /** Nobody waits for it to come up again. */
  #wake(target: string, devices: readonly FenceDevice[]): readonly FencerEffect[] {
    const order = new FenceOrder(target, "on", {
      levels: [devices],
      timeoutMs: this.#timeoutMs(),
      newToken: this.#newToken,
    });
    return this.#onWaking(order, order.begin());
  }

  #onWaking(order: FenceOrder, step: OrderStep): readonly FencerEffect[] {
    if (step.kind === "run") {
      this.#wakings.set(order.token, order);
      return [step.effect];
    }
    if (step.kind === "done") return [];
    const { target } = order;
    const message = `${target} was fenced and could not be switched on again: ${step.why}.`;
    return [notice("warn", "HF6108", message, { target })];
  }

  #end(
    job: Job,
    how: {
      readonly state: "done" | "failed" | "refused";
      readonly device?: string;
      readonly why?: string;
      readonly retryInMs?: number | undefined;
    },
    at: Now,
  ): readonly FencerEffect[] {
    const { target, action, began } = job;
    this.#jobs.delete(target);
    const { state, device, why = "", retryInMs } = how;
    const record: FencingRecord = {
      ...{ target, action, origin: originOf(job), state, began, ended: at.wallMs },
      ...(device !== undefined && { device }),
      ...(why !== "" && { why }),
    };
    this.#history = [...this.#history, record].slice(-historyMax);
    const isDone = state === "done";
    return [
      ...job.clients.map(({ id }) => this.#answer(id, job, { isDone, device, why })),
      ...(job.byCluster
        ? [{ kind: "fenced", target, action, isDone, why, retryInMs } as const]
        : []),
      { kind: "changed" },
    ];
  }

  #answer(
    id: number,
    { target, action }: Job,
    how: { readonly isDone: boolean; readonly device: string | undefined; readonly why: string },
  ): FencerEffect {
    const { isDone, device, why } = how;
    if (isDone) {
      const state =
        action === "off" ? "off" : action === "on" ? "on" : "off, and is switched on again";
      const by = device === undefined ? why : `by ${device}`;
      return { kind: "answer", id, outcome: { message: `${target} is ${state} (${by}).` } };
    }
    const message = `${target} could not be fenced: ${why}.`;
    const remedy = `If it is off for certain, say so: stonith_admin --confirm ${target}`;
    return { kind: "answer", id, outcome: { refusal: { code: "HF6104", message, remedy } } };
  }

  #refuseSecond(
    { target, action }: Pick<Job, "target" | "action">,
    client: Client | undefined,
  ): readonly FencerEffect[] {
    const why = "another order for it is under way";
    if (client === undefined) {
      return [{ kind: "fenced", target, action, isDone: false, why, retryInMs: retryFirstMs }];
    }
    const refusal = {
      code: "HF6104" as const,
      message: `${target}: ${why}.`,
      remedy: "Try again.",
    };
    return [{ kind: "answer", id: client.id, outcome: { refusal } }];
  }
}

function originOf({ clients, byCluster }: Job): string {
  const [client] = clients;
  return client === undefined || byCluster ? "cluster" : client.by;
}

function notice(
  level: FencerNotice["level"],
  code: FencerNotice["code"],
  message: string,
  fields: FencerNotice["fields"],
): FencerNotice {
  return { kind: "notice", level, code, message, fields };
}
