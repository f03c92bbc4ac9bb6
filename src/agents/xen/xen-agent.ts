/**
 * The built-in ocf:heartbeat:Xen: the parameters and actions of the agent of that name in resource-agents, over a
 * GuestDriver, and with what a script cannot do: it promotes and demotes the guest's volumes itself, and migrates
 * live without a second Primary.
 *
 * Deviations from the script: a guest that is there but does not answer is 1, never 7; stop fails when a volume
 * can't be demoted, since the guest could otherwise be started on both nodes where two Primaries are allowed.
 */
import { unreachable } from "../../base/assert.ts";
import type { Clock, StopSignal } from "../../ports/clock.ts";
import type { Files } from "../../ports/files.ts";
import type { PeerAgentReply, PeerAgents } from "../../ports/peer-agents.ts";
import type { Processes } from "../../ports/processes.ts";
import type { Volumes } from "../../ports/volumes.ts";
import { drbdResourcesOf, isGuestName } from "../guest/guest.ts";
import type { GuestDriver } from "../guest/guest-driver.ts";
import { ocf, outcome } from "../outcome.ts";
import type { AgentOutcome, AgentRequest, ResourceAgent } from "../resource-agent.ts";
import { describeFault } from "../world-fault.ts";
import { readDomainFile } from "./domain-file.ts";
import { GuestLocks } from "./guest-locks.ts";
import { GuestVolumes } from "./guest-volumes.ts";
import { MigrationSource } from "./migration-source.ts";
import { MigrationTarget } from "./migration-target.ts";
import {
  actionTime,
  answerLimitMs,
  defaultTimeoutMs,
  type Subject,
  type XenContext,
} from "./xen-context.ts";
import { xenMetaData } from "./xen-meta-data.ts";
import { monitorGuest } from "./xen-monitor.ts";
import { readXenParameters } from "./xen-parameters.ts";
import { startGuest, stopGuest } from "./xen-start-stop.ts";

export type XenAgentOptions = {
  readonly driver: GuestDriver;
  readonly volumes: Volumes;
  readonly files: Files;
  readonly clock: Clock;
  readonly processes: Processes;
  readonly peers: PeerAgents;
  /** This node's name. */
  readonly node: string;
  /** The address at which the other nodes reach this one, for the memory of guests. */
  readonly address: () => string;
};

/** One for the life of the daemon: it knows the migrations that are under way. */
export class XenAgent implements ResourceAgent {
  readonly #context: XenContext;
  readonly #source: MigrationSource;
  readonly #target: MigrationTarget;

  constructor(options: XenAgentOptions) {
    const { driver, volumes, files, clock, processes, peers, node, address } = options;
    this.#context = {
      ...{ driver, files, clock, processes, peers, node, address },
      volumes: new GuestVolumes(volumes, clock),
      locks: new GuestLocks(),
    };
    this.#source = new MigrationSource(this.#context);
    this.#target = new MigrationTarget(this.#context);
  }

  async run(request: AgentRequest, signal: StopSignal): Promise<AgentOutcome> {
    try {
      return await this.#run(request, signal);
    } catch (error) {
      return outcome(ocf.genericError, describeFault(error));
    }
  }

  async answerPeer(
    verb: string,
    params: Readonly<Record<string, string>>,
    from: string,
  ): Promise<PeerAgentReply> {
    try {
      return await this.#answerPeer(verb, params, from);
    } catch (error) {
      return { ok: false, message: describeFault(error) };
    }
  }

  async #run(request: AgentRequest, signal: StopSignal): Promise<AgentOutcome> {
    if (request.action === "meta-data") return { rc: ocf.success, reason: "", output: xenMetaData };
    const parameters = readXenParameters(request.params);
    if (!parameters.ok) return outcome(ocf.notConfigured, parameters.error);
    const { xmfile, name: given } = parameters.value;
    const names = { given, otherwise: request.resource };
    const domain = await readDomainFile(this.#context.files, xmfile, names);
    const name = domain.ok ? domain.value.guest.name : (given ?? request.resource);
    if (!isGuestName(name))
      return outcome(
        ocf.notConfigured,
        `"${name}" can't be a guest's name: letters, digits and . _ + - only`,
      );
    const totalMs = Number(request.meta["timeout"] ?? defaultTimeoutMs);
    const time = actionTime(this.#context.clock, totalMs);
    return await this.#act(request, {
      name,
      parameters: parameters.value,
      domain,
      stop: signal,
      time,
    });
  }

  async #answerPeer(
    verb: string,
    params: Readonly<Record<string, string>>,
    from: string,
  ): Promise<PeerAgentReply> {
    switch (verb) {
      case "prepare":
        return await this.#target.prepare(params, from);
      case "go":
        return await this.#target.go(params, from);
      case "discard":
        return await this.#target.discard(params, from);
      default:
        return { ok: false, message: `this node's agent does not understand "${verb}"` };
    }
  }

  async drbdResources(params: Readonly<Record<string, string>>): Promise<readonly string[]> {
    const parameters = readXenParameters(params);
    if (!parameters.ok) return [];
    const names = { given: parameters.value.name, otherwise: "guest" };
    const domain = await readDomainFile(this.#context.files, parameters.value.xmfile, names);
    return domain.ok ? drbdResourcesOf(domain.value.guest) : [];
  }

  async #act(request: AgentRequest, subject: Subject): Promise<AgentOutcome> {
    switch (request.action) {
      case "start":
        return await this.#alone(subject, () => startGuest(this.#context, subject));
      case "stop":
        return await this.#alone(subject, () => stopGuest(this.#context, subject));
      case "monitor":
        return await this.#monitor(request, subject);
      case "migrate_to":
        return await this.#migrateTo(request, subject);
      case "migrate_from":
        return await this.#migrateFrom(request, subject);
      case "validate-all":
        return validate(subject);
      case "promote":
      case "demote":
      case "notify":
      case "reload":
      case "reload-agent":
        return outcome(ocf.unimplemented, `this agent has no action ${request.action}`);
      case "meta-data":
        return { rc: ocf.success, reason: "", output: xenMetaData };
      default:
        return unreachable(request.action);
    }
  }

  /** Whatever a migration that nobody attends has left is settled first; one that is attended ends here. */
  async #alone(subject: Subject, body: () => Promise<AgentOutcome>): Promise<AgentOutcome> {
    const { locks, driver } = this.#context;
    const { name, stop, time } = subject;
    return await locks.act(name, stop, async () => {
      const wasArriving = this.#target.isArriving(name);
      this.#target.forget(name);
      // Without an answer there is nothing to settle: the state that follows tells, and a stop kills.
      if (!wasArriving) await driver.migration.settle(name, answerLimitMs(time));
      return await body();
    });
  }

  async #monitor(request: AgentRequest, subject: Subject): Promise<AgentOutcome> {
    const { driver, locks } = this.#context;
    const { name, stop, domain } = subject;
    const isProbe = Number(request.meta["interval"] ?? 0) === 0;
    // What fails here fails again, and is told, when the guest is started.
    if (isProbe && domain.ok) driver.prepare(domain.value.guest).catch(() => undefined);
    // While its memory is sent the guest executes, or is about to elsewhere: the migration's outcome tells.
    if (this.#source.isDeparting(name) && !driver.isGone(name))
      return { rc: ocf.success, reason: "" };
    return await locks.act(name, stop, async () => {
      // What has arrived executes only after "go".
      if (this.#target.isArriving(name)) return outcome(ocf.notRunning, "");
      const settled = await driver.migration.settle(name, answerLimitMs(subject.time));
      if (!settled.ok) return outcome(ocf.genericError, settled.error);
      return await monitorGuest(this.#context, subject, isProbe);
    });
  }

  async #migrateTo(request: AgentRequest, subject: Subject): Promise<AgentOutcome> {
    const target = request.meta["migrate_target"];
    if (target === undefined || target === "" || target === this.#context.node)
      return outcome(
        ocf.badArguments,
        `migrate_to needs another node in migrate_target, not "${target ?? ""}"`,
      );
    return await this.#source.migrateTo(subject, target);
  }

  async #migrateFrom(request: AgentRequest, subject: Subject): Promise<AgentOutcome> {
    const seen = await this.#monitor(
      { ...request, meta: { ...request.meta, interval: "1" } },
      subject,
    );
    if (seen.rc !== ocf.notRunning) return seen;
    const from = request.meta["migrate_source"] ?? "its source";
    return outcome(ocf.genericError, `${subject.name} did not come from ${from}`);
  }
}

function validate(subject: Subject): AgentOutcome {
  if (!subject.domain.ok) return outcome(ocf.notInstalled, subject.domain.error);
  const notices = [...subject.parameters.notices, ...subject.domain.value.notices];
  return { rc: ocf.success, reason: "", output: notices.map((notice) => `${notice}\n`).join("") };
}
