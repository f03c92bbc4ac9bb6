/** The meta-attribute `requires`: what must be there before a resource may start. */
import { isRemoteAgent } from "../model/agents.ts";
import { configError, configWarning } from "../model/issues.ts";
import type { Resource } from "../model/types.ts";

/** Safety: where nothing valid is said, a resource waits for fencing whenever the cluster fences. */
export function applyRequires(resource: Resource, given: string | undefined): void {
  const { settings } = resource.cluster;
  switch (given?.toLowerCase()) {
    case "nothing":
      return;
    case "quorum":
      resource.needsQuorum = true;
      return;
    case "fencing":
      resource.needsFencing = true;
      if (!settings.fencingEnabled) {
        configWarning(resource.cluster, `${resource.id} requires fencing, but fencing is off`);
      }
      return;
    case "unfencing":
      if (resource.fenceDevice || !settings.fencingEnabled) {
        const why = resource.fenceDevice ? "a fence device cannot" : "fencing is off";
        configWarning(resource.cluster, `${resource.id} requires quorum, not unfencing: ${why}`);
        resource.needsQuorum = true;
        return;
      }
      resource.needsFencing = true;
      resource.needsUnfencing = true;
      return;
    default: {
      const fallback = defaultRequires(resource);
      if (given !== undefined) {
        configError(
          resource.cluster,
          `${resource.id}: requires '${given}' is not valid, taking ${fallback}`,
        );
      }
      applyRequires(resource, fallback);
    }
  }
}

function defaultRequires(resource: Resource): string {
  const { settings } = resource.cluster;
  if (resource.fenceDevice) return "quorum";
  if (resource.variant === "primitive" && isRemoteAgent(resource.xml)) return "quorum";
  if (settings.unfencing) return "unfencing";
  if (settings.fencingEnabled) return "fencing";
  return settings.noQuorumPolicy === "ignore" ? "nothing" : "quorum";
}
