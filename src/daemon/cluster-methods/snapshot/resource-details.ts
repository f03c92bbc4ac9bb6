/** Primitives as they are configured. */
import type { ResourceDetail } from "../../../api/cluster-snapshot.ts";
import { noRuleHolds, readContext } from "../../../core/cib/read/name-values.ts";
import { resourcesOf } from "../../../core/cib/read/resource-lookup.ts";
import { metaAttributes } from "../../../core/cib/read/resource-values.ts";
import { booleanOr } from "../../../formats/cib/cib-boolean.ts";
import { attribute, type XmlElement } from "../../../formats/xml/xml-element.ts";

export function resourceDetails(cib: XmlElement): readonly ResourceDetail[] {
  const context = readContext(cib, noRuleHolds);
  return resourcesOf(cib)
    .filter(({ element }) => element.name === "primitive")
    .map((resource) => {
      const { element } = resource;
      const meta = metaAttributes(context, resource);
      const agent = ["class", "provider", "type"].flatMap((name) => attribute(element, name) ?? []);
      return {
        id: attribute(element, "id") ?? "",
        agent: agent.join(":"),
        parents: resource.parents.map((parent) => attribute(parent, "id") ?? ""),
        targetRole: meta.get("target-role"),
        managed: booleanOr(meta.get("is-managed"), true),
        allowMigrate: booleanOr(meta.get("allow-migrate"), false),
      };
    });
}
