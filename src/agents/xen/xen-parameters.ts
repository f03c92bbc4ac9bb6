/**
 * The parameters of ocf:heartbeat:Xen (resource-agents, heartbeat/Xen), all accepted. Some have no meaning here; they
 * are noticed by validate-all, as are names that the agent does not know.
 */
import { err, ok, type Result } from "../../base/result.ts";

export type XenParameters = {
  /** The domain file. */
  readonly xmfile: string;
  /** Overrides the domain file's own name. */
  readonly name: string | undefined;
  /** How long the guest's system may take to shut down; 0 powers it off at once. */
  readonly shutdownTimeoutMs: number | undefined;
  /** Programs that tell whether the guest's services work. */
  readonly monitorScripts: readonly string[];
  readonly notices: readonly string[];
};

const withoutMeaning: Readonly<Record<string, string>> = {
  shutdown_acpi: "a guest is always asked by its power button",
  allow_mem_management: "the memory of a guest is not changed while it runs",
  reserved_Dom0_memory: "the memory of a guest is not changed while it runs",
  node_ip_attribute: "memory is migrated over the cluster's own addresses",
  autoset_utilization_cpu: "utilization stands in the configuration",
  autoset_utilization_hv_memory: "utilization stands in the configuration",
};

const withMeaning = ["xmfile", "name", "shutdown_timeout", "monitor_scripts"];

/** Values that mean "no", for which nothing needs to be noticed. */
const unset = new Set(["", "0", "no", "false", "off"]);

export function readXenParameters(params: Readonly<Record<string, string>>): Result<XenParameters> {
  const given = (name: string): string | undefined =>
    Object.hasOwn(params, name) && params[name] !== "" ? params[name] : undefined;
  const timeout = given("shutdown_timeout");
  if (timeout !== undefined && !/^\d+$/.test(timeout))
    return err(`shutdown_timeout must be a number of seconds, not "${timeout}"`);
  return ok({
    xmfile: given("xmfile") ?? "/etc/xen/vm/MyDomU",
    name: given("name"),
    shutdownTimeoutMs: timeout === undefined ? undefined : Number(timeout) * 1000,
    monitorScripts: (given("monitor_scripts") ?? "").split(/\s+/).filter((word) => word !== ""),
    notices: Object.entries(params).flatMap(([name, value]) => notice(name, value)),
  });
}

function notice(name: string, value: string): readonly string[] {
  if (withMeaning.includes(name)) return [];
  const why = Object.hasOwn(withoutMeaning, name) ? withoutMeaning[name] : undefined;
  if (why === undefined) return [`parameter ${name} is not known to this agent`];
  return unset.has(value) ? [] : [`parameter ${name} has no effect: ${why}`];
}
