/** The part of a CIB that is kept and compared: its configuration, without what the cluster observes. */
import { withAttributes, type XmlElement } from "../../formats/xml/xml-element.ts";
import { cibDigest } from "../cib/cib-digest.ts";
import type { Generation } from "../cib/generation.ts";
import { readVersion } from "../cib/version.ts";
import type { LineageEntry } from "./types.ts";

export function generationOf(cib: XmlElement, term: number): Generation {
  const { adminEpoch, epoch } = readVersion(cib);
  return { adminEpoch, epoch, term };
}

/** What only says who observes what; it differs between nodes that have the same configuration. */
const observed = { num_updates: undefined, "have-quorum": undefined, "dc-uuid": undefined };

export function configurationDigest(cib: XmlElement): string {
  return cibDigest(withoutStatus(withAttributes(cib, observed)));
}

/** As it is kept on disk: the status is what a cluster observes, and a new start observes anew. */
export function withoutStatus(cib: XmlElement): XmlElement {
  const children = cib.children.map((each) =>
    each.name === "status" ? { name: "status", attributes: {}, children: [] } : each,
  );
  return { ...cib, children };
}

export function withStatusOf(cib: XmlElement, other: XmlElement): XmlElement {
  const status = other.children.find((each) => each.name === "status");
  if (status === undefined) return cib;
  const children = cib.children.map((each) => (each.name === "status" ? status : each));
  return { ...cib, children };
}

export function entryOf(cib: XmlElement, term: number): LineageEntry {
  return { ...generationOf(cib, term), digest: configurationDigest(cib) };
}
