import { parseRole, type Role, role } from "../values/role.ts";
import { configError } from "./issues.ts";
import { topResource } from "./resources.ts";
import type { Resource } from "./types.ts";

/** What target-role asks for, where it is less than the resource would do anyway. */
export function targetRole(resource: Resource): Role | undefined {
  const value = resource.meta.get("target-role");
  const lower = value?.toLowerCase();
  if (lower === undefined || lower === "started" || lower === "default") return undefined;
  const wanted = parseRole(lower);
  if (wanted === role.unknown) {
    configError(resource.cluster, `${resource.id}: target-role '${value}' is not valid`);
    return undefined;
  }
  if (wanted <= role.started) return wanted;
  if (!topResource(resource).promotable) {
    configError(
      resource.cluster,
      `${resource.id}: target-role '${value}' needs a promotable clone`,
    );
    return undefined;
  }
  // Promoted is what happens without it; naming it would only upset the placement.
  return wanted > role.unpromoted ? undefined : wanted;
}
