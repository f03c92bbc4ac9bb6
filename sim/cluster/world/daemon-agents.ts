/**
 * The agents in a daemon: the real ocf:heartbeat:Xen over simulated guests, and a dummy for what runs without disks. What an
 * agent of a daemon that has ended was waiting for never comes, as it is when the process is gone.
 */
import type { GuestDriver } from "../../../src/agents/guest/guest-driver.ts";
import type { AgentAction, AgentOutcome } from "../../../src/agents/resource-agent.ts";
import { type StopSource, stopSource } from "../../../src/agents/stop-source.ts";
import { XenAgent } from "../../../src/agents/xen/xen-agent.ts";
import { present } from "../../../src/base/assert.ts";
import type { RunAgent } from "../../../src/core/executor/types.ts";
import type { FindDisks, PeerAgentEffect } from "../../../src/core/node/effects.ts";
import type { NodeEvent } from "../../../src/core/node/events.ts";
import type { Clock, StopSignal } from "../../../src/ports/clock.ts";
import type { Files } from "../../../src/ports/files.ts";
import type { PeerAgentReply, PeerAgents } from "../../../src/ports/peer-agents.ts";
import type { Volumes } from "../../../src/ports/volumes.ts";
import type { GuestLedger } from "./guest-ledger.ts";
import type { PromiseWork } from "./promise-work.ts";
import type { SimHost } from "./sim-host.ts";
import type { World } from "./sim-world.ts";

export type DaemonAgentsOptions = {
  readonly world: World;
  readonly host: SimHost;
  readonly promises: PromiseWork;
  /** /etc/xen/NAME.dom and the like. */
  readonly etc: ReadonlyMap<string, string>;
  readonly ledgers: ReadonlyMap<string, GuestLedger>;
  /** How much longer starts and migrations take than at their quickest. */
  readonly pace: number;
  deliver(run: () => void): void;
  give(event: NodeEvent): void;
};

/** What an operation of a dummy takes. */
const dummyMs = 20;
/** How long a guest's requests under way may hold up its hand-over. */
const drainMs = 5000;

export class DaemonAgents {
  readonly #options: DaemonAgentsOptions;
  readonly #clock: Clock;
  readonly #xen: XenAgent;
  readonly #running = new Map<number, StopSource>();
  readonly #asking = new Map<
    number,
    { resolve(reply: PeerAgentReply): void; reject(error: Error): void }
  >();
  #lastAsk = 0;

  constructor(options: DaemonAgentsOptions) {
    this.#options = options;
    this.#clock = this.#makeClock();
    const { host } = options;
    this.#xen = new XenAgent({
      driver: this.#makeDriver(),
      volumes: this.#makeVolumes(),
      files: filesIn(options.etc),
      clock: this.#clock,
      processes: noProcesses,
      peers: this.#makePeers(),
      node: host.name,
      address: () => host.name,
    });
  }

  run({ token, call, timeoutMs }: RunAgent): void {
    const stop = stopSource();
    this.#running.set(token, stop);
    const request = {
      agent: { ...call.agent, provider: call.agent.provider ?? "" },
      resource: call.resource,
      action: call.action as AgentAction,
      params: call.params,
      meta: { ...call.meta, timeout: String(timeoutMs) },
    };
    this.#options.promises.touch();
    const ended =
      call.agent.type === "Xen"
        ? this.#xen.run(request, stop.signal)
        : this.#runDummy(call.resource, call.action, stop.signal);
    void ended.then(({ rc, reason }) =>
      this.#options.deliver(() => {
        this.#running.delete(token);
        this.#options.give({ kind: "agent-ended", token, rc, reason });
      }),
    );
  }

  cancel(token: number): void {
    this.#options.promises.touch();
    this.#running.get(token)?.stop();
  }

  findDisks({ token, agent, params }: FindDisks): void {
    this.#options.promises.touch();
    const found = agent.type === "Xen" ? this.#xen.drbdResources(params) : Promise.resolve([]);
    void found.then((drbdResources) =>
      this.#options.deliver(() =>
        this.#options.give({ kind: "disks-found", token, drbdResources }),
      ),
    );
  }

  onPeerEffect(effect: PeerAgentEffect): void {
    this.#options.promises.touch();
    if (effect.kind === "answer-peer-agent") {
      const { token, from, request } = effect;
      const answered = this.#xen.answerPeer(request.verb, request.params, from);
      void answered.then((reply) =>
        this.#options.deliver(() =>
          this.#options.give({ kind: "peer-agent-answer", token, reply }),
        ),
      );
      return;
    }
    const asking = present(this.#asking.get(effect.id), "the request that is answered");
    this.#asking.delete(effect.id);
    const { outcome } = effect;
    if ("reply" in outcome) asking.resolve(outcome.reply);
    else asking.reject(new Error(outcome.failure));
  }

  async #runDummy(resource: string, action: string, stop: StopSignal): Promise<AgentOutcome> {
    const { services } = this.#options.host;
    const fault = services.takeFault({ resource, action });
    await this.#clock.sleep(fault?.kind === "takes" ? fault.ms : dummyMs, stop);
    if (fault?.kind === "hangs") await this.#clock.sleep(Number.MAX_SAFE_INTEGER, stop);
    if (stop.aborted) return { rc: 1, reason: "it was stopped" };
    if (fault?.kind === "fails") return { rc: fault.rc, reason: `${action} fails, as was asked` };
    return services.perform(resource, action);
  }

  /** What an agent waits for comes only while its daemon lives. */
  #bound(run: () => void): () => void {
    const { promises, deliver } = this.#options;
    return () =>
      deliver(() => {
        promises.touch();
        run();
      });
  }

  #makeClock(): Clock {
    const { world } = this.#options;
    return {
      now: () => world.clock.now,
      wallNow: () => this.#options.host.wallNow(),
      sleep: async (durationMs, signal) => {
        if (signal?.aborted === true) return;
        await new Promise<void>((resolve) => {
          const end = (): void => {
            signal?.removeEventListener("abort", end);
            world.clock.cancel(timer);
            resolve();
          };
          const timer = world.clock.after(Math.max(0, durationMs), this.#bound(end));
          signal?.addEventListener("abort", end);
        });
      },
    };
  }

  /** The host's guests, with the time that things take, and requests under way that a hand-over waits for. */
  #makeDriver(): GuestDriver {
    const { host, world, pace } = this.#options;
    const { driver } = host.guests;
    const takes = async (lowMs: number, highMs: number, stop?: StopSignal): Promise<void> =>
      await this.#clock.sleep(world.prng.between(lowMs, highMs) * pace, stop);
    return {
      ...driver,
      create: async (guest, stop) => {
        await takes(100, 500, stop);
        return await driver.create(guest, stop);
      },
      migration: {
        ...driver.migration,
        send: async (guest, at, control) => {
          await takes(200, 2000, control.stop);
          return await driver.migration.send(guest, at, {
            ...control,
            beforeHandOver: async () =>
              (await this.#isDrained(guest))
                ? await control.beforeHandOver()
                : "its requests do not end",
          });
        },
      },
    };
  }

  async #isDrained(guest: string): Promise<boolean> {
    const { host, ledgers } = this.#options;
    const end = this.#clock.now() + drainMs;
    while (ledgers.get(guest)?.isBusy(host) === true) {
      if (this.#clock.now() >= end) return false;
      await this.#clock.sleep(10);
    }
    return true;
  }

  #makeVolumes(): Volumes {
    const { drives } = this.#options.host;
    const bound = (run: () => void): (() => void) => this.#bound(run);
    return {
      status: async (name) => await drives.status(name, bound),
      promote: async (name, { force = false } = {}) =>
        await drives.admin(name, { name: "primary", force }, bound),
      demote: async (name, { takeAway = false } = {}) => {
        if (takeAway) drives.cutOff(name);
        return await drives.admin(name, { name: "secondary" }, bound);
      },
      nbdExport: (name, how) => drives.nbdExport(name, how),
    };
  }

  #makePeers(): PeerAgents {
    return {
      request: async (to, request, timeoutMs) =>
        await new Promise((resolve, reject) => {
          const id = ++this.#lastAsk;
          this.#asking.set(id, { resolve, reject });
          this.#options.world.clock.after(
            0,
            this.#bound(() =>
              this.#options.give({ kind: "peer-agent-request", id, to, request, timeoutMs }),
            ),
          );
        }),
    };
  }
}

function filesIn(texts: ReadonlyMap<string, string>): Files {
  const refuse = async (): Promise<void> => {
    throw new Error("the agents only read here");
  };
  return {
    read: async (path) => texts.get(path),
    write: refuse,
    remove: refuse,
    list: async () => [],
  };
}

const noProcesses: ConstructorParameters<typeof XenAgent>[0]["processes"] = {
  run: async () => ({ failure: "not-started", stdout: "", stderr: "there are no programs here" }),
  find: () => [],
  identify: () => undefined,
  isAlive: () => false,
  isKilled: () => true,
  signal: () => false,
};
