/** Comparing configurations of different nodes. */
import { err, ok, type Result } from "../../base/result.ts";
import { withAttributes, type XmlElement } from "../../formats/xml/xml-element.ts";
import { cibDigest } from "../cib/cib-digest.ts";
import { readVersion } from "../cib/version.ts";
import type { Generation, LineageEntry } from "./types.ts";

/** Negative if `a` is the older one. Zero says nothing about equal contents: two DCs may write in one term. */
export function compareGenerations(a: Generation, b: Generation): number {
  return a.adminEpoch - b.adminEpoch || a.epoch - b.epoch || a.term - b.term;
}

export function generationOf(cib: XmlElement, term: number): Generation {
  const { adminEpoch, epoch } = readVersion(cib);
  return { adminEpoch, epoch, term };
}

/** "0.12@3": admin_epoch, epoch, and the term in which it was written. */
export function formatGeneration({ adminEpoch, epoch, term }: Generation): string {
  return `${adminEpoch}.${epoch}@${term}`;
}

export function parseGeneration(text: string): Result<Generation> {
  const parts = /^(\d{1,15})\.(\d{1,15})@(\d{1,15})$/.exec(text);
  if (parts === null) return err(`"${text}" is no generation`);
  const [adminEpoch = 0, epoch = 0, term = 0] = parts.slice(1).map(Number);
  return ok({ adminEpoch, epoch, term });
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
