/** What an OCF script finds in its environment (OCF resource agent API 1.1, "Environment variables"; Pacemaker adds CRM_meta). */
import type { AgentRequest } from "../resource-agent.ts";

export const ocfRoot = "/usr/lib/ocf";
/** What scripts expect to find without naming a directory. */
export const systemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Before the reason in what an agent says on stderr. */
export const exitReasonPrefix = "ocf-exit-reason:";
const checkLevelName = "OCF_CHECK_LEVEL";

export function ocfEnvironment(request: AgentRequest): Readonly<Record<string, string>> {
  const { agent, resource, params, meta } = request;
  // How thorough a monitor is to be: an attribute of the operation, which has no prefix.
  const { [checkLevelName]: checkLevel, ...parameters } = params;
  return {
    PATH: systemPath,
    LANG: "C.UTF-8",
    HOME: "/root",
    OCF_ROOT: ocfRoot,
    OCF_RA_VERSION_MAJOR: "1",
    OCF_RA_VERSION_MINOR: "1",
    OCF_RESOURCE_INSTANCE: resource,
    OCF_RESOURCE_PROVIDER: agent.provider,
    OCF_RESOURCE_TYPE: agent.type,
    OCF_EXIT_REASON_PREFIX: exitReasonPrefix,
    ...prefixed("OCF_RESKEY_", parameters),
    ...(checkLevel !== undefined && { [checkLevelName]: checkLevel }),
    ...prefixed("OCF_RESKEY_CRM_meta_", meta),
  };
}

/** Names with dashes can't be shell variables; Pacemaker writes underscores. */
function prefixed(
  prefix: string,
  values: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [prefix + name.replaceAll("-", "_"), value]),
  );
}
