/**
 * A fence device as it is configured: a fence agent, its own parameters, and those named pcmk_*, which are for the
 * cluster and never reach the agent (Pacemaker's pacemaker-fenced(7)).
 */
import { err, ok, type Result } from "../../base/result.ts";
import { hostPlugs } from "./host-plugs.ts";

export type FenceAction = "on" | "off" | "reboot" | "status" | "monitor" | "list" | "metadata";

export type FenceDevice = {
  /** The resource's id, for sentences. */
  readonly id: string;
  /** The agent's program, for example fence_ipmilan. */
  readonly agent: string;
  /** For the agent's standard input. */
  readonly params: Readonly<Record<string, string>>;
  /** What the device calls each node (pcmk_host_map); a node that is not named there keeps its name. */
  readonly plugs: ReadonlyMap<string, string>;
  /** Nodes that it can fence (pcmk_host_list and _map); undefined when it was not said. */
  readonly nodes: ReadonlySet<string> | undefined;
  /** pcmk_host_check; undefined when it was not said. */
  readonly hostCheck: HostCheck | undefined;
  /** The parameter that tells the agent which node (pcmk_host_argument); undefined: as the agent's metadata says. */
  readonly hostArgument: string | undefined;
  readonly commands: Readonly<Record<FenceAction, FenceCommand>>;
};

const hostChecks = ["static-list", "dynamic-list", "status", "none"] as const;
export type HostCheck = (typeof hostChecks)[number];

export type FenceCommand = {
  /** What the agent calls the action (pcmk_off_action). */
  readonly name: string;
  /** For all attempts together (pcmk_off_timeout). */
  readonly timeoutMs: number;
  /** How often it is tried at most (pcmk_off_retries). */
  readonly attempts: number;
};

const actions: readonly FenceAction[] = [
  "on",
  "off",
  "reboot",
  "status",
  "monitor",
  "list",
  "metadata",
];
const presetAttempts = 2;

/** @param timeoutMs the cluster's stonith-timeout, for actions without a timeout of their own. */
export function readFenceDevice(
  id: string,
  agent: string,
  options: { readonly params: Readonly<Record<string, string>>; readonly timeoutMs: number },
): Result<FenceDevice> {
  const { params, timeoutMs } = options;
  if (!/^fence_[A-Za-z0-9_.-]+$/.test(agent))
    return err(`"${agent}" can't be a fence agent's name`);
  const broken = Object.entries(params).find(
    ([name, value]) => /[\r\n\0=]/.test(name) || /[\r\n\0]/.test(value),
  );
  if (broken !== undefined) return err(`${id}: the value of ${broken[0]} has more than one line`);
  const check = params["pcmk_host_check"];
  const hostCheck = hostChecks.find((known) => known === check);
  if (check !== undefined && hostCheck === undefined)
    return err(`${id}: pcmk_host_check is one of ${hostChecks.join(", ")}, not "${check}"`);
  const plugs = hostPlugs(params["pcmk_host_map"] ?? "");
  if (!plugs.ok) return err(`${id}: ${plugs.error}`);
  const commands = readCommands(params, timeoutMs);
  if (!commands.ok) return err(`${id}: ${commands.error}`);
  const listed = (params["pcmk_host_list"] ?? "").split(/[\s,;]+/).filter((name) => name !== "");
  const nodes = new Set([...listed, ...plugs.value.keys()]);
  return ok({
    id,
    agent,
    params: Object.fromEntries(Object.entries(params).filter(([name]) => isForAgent(name))),
    plugs: plugs.value,
    nodes: nodes.size === 0 ? undefined : nodes,
    hostCheck,
    hostArgument: params["pcmk_host_argument"],
    commands: commands.value,
  });
}

/** Old configurations name a default action; the cluster says which one it wants. */
function isForAgent(name: string): boolean {
  return !name.startsWith("pcmk_") && name !== "action" && name !== "option";
}

function readCommands(
  params: Readonly<Record<string, string>>,
  timeoutMs: number,
): Result<Readonly<Record<FenceAction, FenceCommand>>> {
  const commands: Partial<Record<FenceAction, FenceCommand>> = {};
  for (const action of actions) {
    const own = params[`pcmk_${action}_timeout`];
    const ownMs = own === undefined ? timeoutMs : durationMs(own);
    if (ownMs === undefined)
      return err(`pcmk_${action}_timeout is a time such as 60s, not "${own}"`);
    const attempts = params[`pcmk_${action}_retries`] ?? String(presetAttempts);
    if (!/^\d{1,3}$/.test(attempts))
      return err(`pcmk_${action}_retries is a number, not "${attempts}"`);
    commands[action] = {
      name: params[`pcmk_${action}_action`] ?? action,
      timeoutMs: ownMs,
      attempts: Math.max(1, Number(attempts)),
    };
  }
  return ok(commands as Readonly<Record<FenceAction, FenceCommand>>);
}

/** "60", "60s", "2min", "500ms": a number alone is seconds. */
function durationMs(text: string): number | undefined {
  const found = /^\s*(\d+)\s*(ms|msec|s|sec|m|min|h|hr)?\s*$/i.exec(text);
  if (found === null) return undefined;
  const factors: Readonly<Record<string, number>> = {
    ...{ ms: 1, msec: 1, s: 1000, sec: 1000 },
    ...{ m: 60_000, min: 60_000, h: 3_600_000, hr: 3_600_000 },
  };
  return Number(found[1]) * (factors[(found[2] ?? "s").toLowerCase()] as number);
}
