/**
 * The version of a CIB: admin_epoch.epoch.num_updates, compared in this order. A person raises admin_epoch to
 * make a copy win over any other; each change of the configuration raises epoch and starts num_updates again; each
 * change of the status raises num_updates.
 */
import { attribute, withAttributes, type XmlElement } from "../../formats/xml/xml-element.ts";

export type CibVersion = {
  readonly adminEpoch: number;
  readonly epoch: number;
  readonly numUpdates: number;
};

/** A missing number counts as 0. */
export function readVersion(cib: XmlElement): CibVersion {
  return {
    adminEpoch: counter(attribute(cib, "admin_epoch")),
    epoch: counter(attribute(cib, "epoch")),
    numUpdates: counter(attribute(cib, "num_updates")),
  };
}

/** Negative if `a` is the older one, 0 if they are equal, positive if `a` is the newer one. */
export function compareVersions(a: CibVersion, b: CibVersion): number {
  return a.adminEpoch - b.adminEpoch || a.epoch - b.epoch || a.numUpdates - b.numUpdates;
}

/** "0.5.3", as people and logs write it. */
export function formatVersion(version: CibVersion): string {
  return `${version.adminEpoch}.${version.epoch}.${version.numUpdates}`;
}

export function withVersion(cib: XmlElement, version: CibVersion): XmlElement {
  return withAttributes(cib, {
    admin_epoch: String(version.adminEpoch),
    epoch: String(version.epoch),
    num_updates: String(version.numUpdates),
  });
}

export function afterConfigurationChange(version: CibVersion): CibVersion {
  return { ...version, epoch: version.epoch + 1, numUpdates: 0 };
}

export function afterStatusChange(version: CibVersion): CibVersion {
  return { ...version, numUpdates: version.numUpdates + 1 };
}

/** The digits that the text starts with; the schema refuses anything else before it gets here. */
function counter(text: string | undefined): number {
  const value = Number(/^\d{1,15}/.exec(text ?? "")?.[0] ?? 0);
  return Number.isSafeInteger(value) ? value : 0;
}
