/** What a person should hear of the CIB's ways between nodes. */
import type { XmlElement } from "../../formats/xml/xml-element.ts";
import { formatVersion, readVersion } from "../cib/version.ts";
import { describeLost } from "./lost-changes.ts";
import type { CibSyncNotice } from "./types.ts";

export function adoptedCib(cib: XmlElement): CibSyncNotice {
  const version = formatVersion(readVersion(cib));
  const message = `The configuration is that of version ${version} from now on.`;
  return { kind: "notice", level: "info", code: "cib-adopted", message, fields: { version } };
}

export function lostChanges(lost: XmlElement, winner: XmlElement, path: string): CibSyncNotice {
  const [version, won] = [lost, winner].map((cib) => formatVersion(readVersion(cib))) as [
    string,
    string,
  ];
  const what = describeLost(lost, winner) || "nothing that can be named";
  const message =
    `This node's configuration ${version} had changes of its own and gave way to ${won}. ` +
    `Lost: ${what}. It is kept as ${path}.`;
  const fields = { version, won, path };
  return { kind: "notice", level: "error", code: "HF4507", message, fields };
}

/** @param from the DC that sent it, or "a joiner". */
export function unusableCib(from: string, why: string): CibSyncNotice {
  const message = `The CIB of ${from} cannot be taken: ${why}`;
  return { kind: "notice", level: "error", code: "HF4508", message, fields: { from } };
}

export function unfitChange(dc: string): CibSyncNotice {
  const message = `A change from ${dc} does not fit; the whole CIB is asked for.`;
  return { kind: "notice", level: "warn", code: "HF4509", message, fields: { dc } };
}

export function failedWrite(self: string, what: string, error: string): CibSyncNotice {
  const message = `${self} could not store ${what}: ${error}.`;
  return { kind: "notice", level: "error", code: "HF4510", message, fields: { error } };
}
