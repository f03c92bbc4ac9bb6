/**
 * The guests of this node for people's commands (xm, xl): what is here, and what they do without the cluster. A guest that
 * a resource of the CIB runs is the cluster's: what is done behind its back it would undo, so that is refused, or done
 * with a remark.
 */
import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import type { GuestState } from "../../agents/guest/guest-driver.ts";
import { qemuMarker } from "../../agents/qemu/qemu-arguments.ts";
import { runPaths } from "../../agents/qemu/run-paths.ts";
import type { AgentAction, AgentOutcome } from "../../agents/resource-agent.ts";
import { readDomainFile } from "../../agents/xen/domain-file.ts";
import type { GuestRow, GuestRowState } from "../../api/cluster-guest.ts";
import { UserError } from "../../api/user-error.ts";
import type { XmlElement } from "../../formats/xml/xml-element.ts";
import { hostProcesses } from "../../host/processes/processes.ts";
import type { Files } from "../../ports/files.ts";
import { guestOwners } from "./guest-owners.ts";
import type { NodeAgents } from "./node-agents.ts";

const startLimitMs = 60_000;
const stopLimitMs = 120_000;
const answerLimitMs = 3000;
const exitFailed = 1;
/** Clock ticks a second, as /proc counts them (getconf CLK_TCK). */
const ticksPerSecond = 100;

export type GuestStopped = { readonly remark: string };

export class GuestDesk {
  readonly #agents: NodeAgents;
  readonly #files: Files;
  readonly #cib: () => XmlElement;
  readonly #processes = hostProcesses();

  constructor(options: {
    readonly agents: NodeAgents;
    readonly files: Files;
    readonly cib: () => XmlElement;
  }) {
    this.#agents = options.agents;
    this.#files = options.files;
    this.#cib = options.cib;
  }

  /** Those that are on this node, by name. */
  async list(): Promise<readonly GuestRow[]> {
    const { run } = this.#agents.directories;
    const names = (await this.#files.list(run))
      .filter((file) => file.endsWith(".json"))
      .map((file) => file.slice(0, -".json".length));
    const owners = await guestOwners(this.#files, this.#cib());
    const rows = await Promise.all(names.map((name) => this.#row(name, owners.get(name))));
    return rows.filter((row) => row !== undefined);
  }

  /** @throws UserError when the file is refused, the guest is the cluster's, or it does not start. */
  async create(file: string, force: boolean): Promise<string> {
    const domain = await readDomainFile(this.#files, file, {
      given: undefined,
      otherwise: path.basename(file).replace(/\.[^.]*$/, ""),
    });
    if (!domain.ok) {
      throw new UserError("HF4650", domain.error, {
        exit: exitFailed,
        remedy: "Nothing was started. Mend the file, or name another one.",
      });
    }
    const { name } = domain.value.guest;
    const owner = (await guestOwners(this.#files, this.#cib())).get(name);
    if (owner !== undefined && !force) {
      throw new UserError(
        "HF4653",
        `${name} belongs to the cluster: its resource ${owner} runs it`,
        {
          exit: exitFailed,
          remedy: `To start it: crm_resource --resource ${owner} --set-parameter target-role --meta --parameter-value Started`,
        },
      );
    }
    if (!this.#agents.driver.isGone(name)) {
      throw new UserError("HF4650", `${name} is on this node already`, {
        exit: exitFailed,
        remedy: "xm list",
      });
    }
    const started = await this.#act(name, "start", {
      params: { xmfile: file },
      limitMs: startLimitMs,
    });
    if (started.rc === 0) return name;
    throw new UserError("HF4650", `${name} was not started: ${started.reason}`, {
      exit: exitFailed,
      remedy: "drbdadm status shows the disks, crm_mon -1 where the cluster runs it.",
    });
  }

  /** Asks its system to shut down, and waits; its disks are Secondary afterwards. */
  async shutdown(name: string): Promise<GuestStopped> {
    return await this.#stop(name, {});
  }

  /** Ends it at once. */
  async destroy(name: string): Promise<GuestStopped> {
    return await this.#stop(name, { shutdown_timeout: "0" });
  }

  console(name: string): string {
    this.#here(name);
    return runPaths(this.#agents.directories, name).console;
  }

  async #stop(name: string, params: Readonly<Record<string, string>>): Promise<GuestStopped> {
    this.#here(name);
    const owner = (await guestOwners(this.#files, this.#cib())).get(name);
    const known = { name, xmfile: `/etc/xen/${name}.dom`, ...params };
    const stopped = await this.#act(name, "stop", { params: known, limitMs: stopLimitMs });
    if (stopped.rc !== 0) {
      throw new UserError("HF4651", stopped.reason, {
        exit: exitFailed,
        remedy: `xm destroy ${name} ends it at once.`,
      });
    }
    if (owner === undefined) return { remark: "" };
    return {
      remark: `The cluster's resource ${owner} runs ${name} and will start it again. To keep it stopped: crm_resource --resource ${owner} --set-parameter target-role --meta --parameter-value Stopped`,
    };
  }

  async #act(
    name: string,
    action: AgentAction,
    how: { readonly params: Readonly<Record<string, string>>; readonly limitMs: number },
  ): Promise<AgentOutcome> {
    const agent = { class: "ocf", provider: "heartbeat", type: "Xen" };
    const meta = { timeout: String(how.limitMs) };
    const stop = AbortSignal.timeout(how.limitMs);
    return await this.#agents.xen.run(
      { agent, resource: name, action, params: how.params, meta },
      stop,
    );
  }

  /** @throws UserError HF4652 when nothing of it is on this node. */
  #here(name: string): void {
    if (!this.#agents.driver.isGone(name)) return;
    throw new UserError("HF4652", `there is no guest ${name} on this node`, {
      exit: exitFailed,
      remedy: "`xm list` shows those that are here, `crm_mon -1` where the cluster's run.",
    });
  }

  async #row(name: string, resource: string | undefined): Promise<GuestRow | undefined> {
    const { driver, directories } = this.#agents;
    const [process] = this.#processes.find(qemuMarker(runPaths(directories, name)));
    if (process === undefined) return undefined;
    const [guest, state] = await Promise.all([
      driver.known(name),
      driver.state(name, answerLimitMs),
    ]);
    if (guest === undefined || state.kind === "absent") return undefined;
    const sinceMs = startedAtMs(runPaths(directories, name).pid);
    return {
      ...{ name, id: process.pid, state: rowState(state) },
      ...{ memoryMib: guest.memoryMib, vcpus: guest.vcpus },
      cpuSeconds: cpuSeconds(process.pid),
      ...(sinceMs !== undefined && { sinceMs }),
      ...(resource !== undefined && { resource }),
    };
  }
}

function rowState(state: Exclude<GuestState, { readonly kind: "absent" }>): GuestRowState {
  return state.kind === "disk-failed" ? "stuck" : state.kind;
}

/** proc(5), stat: fields 14 and 15 behind the name in parentheses. */
function cpuSeconds(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  } catch {
    // It has just ended.
    return 0;
  }
}

function startedAtMs(pidFile: string): number | undefined {
  return statSync(pidFile, { throwIfNoEntry: false })?.mtimeMs;
}
