/** What a unit's state means for an operation of the cluster. */
import type { UnitState } from "../../formats/systemd/unit-state.ts";
import { ocf, outcome, succeeded } from "../outcome.ts";
import type { AgentOutcome } from "../resource-agent.ts";

export type UnitAction = "start" | "stop" | "monitor";

/** Undefined while systemd still works on it: it is asked again. */
export function unitOutcome(
  unit: string,
  action: UnitAction,
  state: UnitState,
): AgentOutcome | undefined {
  if (state.active === "activating" || state.active === "deactivating") return undefined;
  const isRunning = state.active === "active" || state.active === "reloading";
  if (action === "stop") {
    return isRunning ? outcome(ocf.genericError, `${unit} still runs after its stop`) : succeeded;
  }
  if (isRunning) return succeeded;
  if (state.load !== "loaded") {
    return outcome(ocf.notInstalled, `systemd knows no unit ${unit} (${state.load})`);
  }
  const how = `${unit} is ${state.active} (${[state.sub, state.result].filter(Boolean).join(", ")})`;
  if (action === "start") return outcome(ocf.genericError, `${how} after its start`);
  return outcome(ocf.notRunning, state.active === "failed" ? how : "");
}

/** "nginx" is nginx.service; names with a kind of their own stay. */
export function unitName(type: string): string {
  return /\.(service|socket|device|mount|automount|swap|target|path|timer|slice|scope)$/.test(type)
    ? type
    : `${type}.service`;
}
