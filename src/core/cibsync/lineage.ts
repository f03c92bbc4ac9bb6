/**
 * The configurations that led to the present one, newest last. By it a node sees whether another's copy is only
 * older, or has changes of its own that would be lost.
 */
import { ok, type Result } from "../../base/result.ts";
import { list, object, parseJson, type Shape, text, whole } from "../../formats/json/json-shape.ts";
import type { XmlElement } from "../../formats/xml/xml-element.ts";
import { configurationDigest, generationOf } from "./configuration-copy.ts";
import type { LineageEntry } from "./types.ts";

/** An older copy than these counts as one with changes of its own: it is kept and told, though it may lose nothing. */
const lineageMax = 200;

export type Lineage = readonly LineageEntry[];

export function extended(lineage: Lineage, entry: LineageEntry): Lineage {
  if (contains(lineage, entry)) return lineage;
  return [...lineage, entry].slice(-lineageMax);
}

export function contains(lineage: Lineage, entry: LineageEntry): boolean {
  return lineage.some(
    (each) =>
      each.digest === entry.digest &&
      each.adminEpoch === entry.adminEpoch &&
      each.epoch === entry.epoch,
  );
}

export function printLineage(lineage: Lineage): string {
  return `${JSON.stringify(lineage, undefined, 1)}\n`;
}

const shape: Shape<Lineage> = list(
  object<LineageEntry>({ adminEpoch: whole, epoch: whole, term: whole, digest: text }),
);

function parseLineage(source: string): Result<Lineage> {
  const json = parseJson(source);
  return json.ok ? shape(json.value) : json;
}

/**
 * The lineage of the CIB that was found on disk. Entries that are newer than it belong to a change that never got
 * there. Without an entry of its own it was written by hand: it counts as of the latest term that is known.
 */
export function lineageOf(cib: XmlElement, source: string | undefined): Lineage {
  const parsed = source === undefined ? ok([]) : parseLineage(source);
  const known = parsed.ok ? parsed.value : [];
  const digest = configurationDigest(cib);
  const { adminEpoch, epoch } = generationOf(cib, 0);
  const at = known.findLastIndex(
    (each) => each.digest === digest && each.adminEpoch === adminEpoch && each.epoch === epoch,
  );
  if (at >= 0) return known.slice(0, at + 1);
  const term = Math.max(0, ...known.map((each) => each.term));
  return [{ adminEpoch, epoch, term, digest }];
}
