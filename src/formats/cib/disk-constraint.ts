/** The constraint by which a node's replicated disks keep a resource off it: made by the controller for the scheduler. */
import { element, type XmlElement } from "../xml/xml-element.ts";
import { sanitizedId } from "./sanitized-id.ts";

export function diskConstraint(resource: string, node: string): XmlElement {
  return element("rsc_location", {
    id: `holdfast-disk-${sanitizedId(resource)}-${sanitizedId(node)}`,
    rsc: resource,
    node,
    score: "-INFINITY",
  });
}
