/** Which guests are the cluster's: those whose domain file a resource of the CIB names. */
import { readDomainFile } from "../../agents/xen/domain-file.ts";
import { readXenParameters } from "../../agents/xen/xen-parameters.ts";
import { noRuleHolds, readContext } from "../../core/cib/read/name-values.ts";
import { resourcesOf } from "../../core/cib/read/resource-lookup.ts";
import { instanceAttributes } from "../../core/cib/read/resource-values.ts";
import { attribute, type XmlElement } from "../../formats/xml/xml-element.ts";
import type { Files } from "../../ports/files.ts";

/** Guest's name -> resource. */
export async function guestOwners(
  files: Files,
  cib: XmlElement,
): Promise<ReadonlyMap<string, string>> {
  const context = readContext(cib, noRuleHolds);
  const owners = new Map<string, string>();
  for (const found of resourcesOf(cib)) {
    const { element } = found;
    if (element.name !== "primitive" || attribute(element, "type") !== "Xen") continue;
    const resource = attribute(element, "id") ?? "";
    const params = readXenParameters(Object.fromEntries(instanceAttributes(context, found)));
    if (!params.ok) continue;
    const { name: given, xmfile } = params.value;
    const domain = await readDomainFile(files, xmfile, { given, otherwise: resource });
    owners.set(domain.ok ? domain.value.guest.name : (given ?? resource), resource);
  }
  return owners;
}
