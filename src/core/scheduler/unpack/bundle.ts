import type { XmlElement } from "../../../formats/xml/xml-element.ts";
import { configError } from "../model/issues.ts";
import type { Resource } from "../model/types.ts";

export function readBundle(
  bundle: Resource,
  _readChild: (xml: XmlElement, parent: Resource) => Resource | undefined,
): boolean {
  configError(bundle.cluster, `bundle ${bundle.id}: bundles are not known`);
  return false;
}
