import { attribute, childrenNamed, type XmlElement } from "../../../formats/xml/xml-element.ts";
import type { Cluster } from "../model/types.ts";

/** <tags>: names for several resources (or other objects) at once. */
export function readTags(cluster: Cluster, section: XmlElement | undefined): void {
  for (const tag of section === undefined ? [] : childrenNamed(section, "tag")) {
    const name = attribute(tag, "id");
    if (name === undefined) continue;
    const members = cluster.tags.get(name) ?? [];
    for (const reference of childrenNamed(tag, "obj_ref")) {
      const id = attribute(reference, "id");
      if (id !== undefined && !members.includes(id)) members.push(id);
    }
    cluster.tags.set(name, members);
  }
}
