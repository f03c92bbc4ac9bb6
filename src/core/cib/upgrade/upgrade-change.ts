/** `cibadmin --upgrade`: the running CIB in the latest form, as a change. */
import type { XmlElement } from "../../../formats/xml/xml-element.ts";
import type { CibChange } from "../change.ts";
import type { CibNotice } from "../notice.ts";
import { readVersion, withVersion } from "../version.ts";
import { latestForm } from "./latest-form.ts";
import { upgradeCib } from "./upgrade-cib.ts";

/** Undefined where nothing is old: "Upgrade unnecessary". The upgraded CIB wins over every copy of the old one. */
export function upgradeChange(
  cib: XmlElement,
): { readonly change: CibChange; readonly notices: readonly CibNotice[] } | undefined {
  const today = upgradeCib(cib);
  const latest = latestForm(today.cib);
  if (latest.cib === cib) return undefined;
  const { adminEpoch } = readVersion(cib);
  const version = { adminEpoch: adminEpoch + 1, epoch: 1, numUpdates: 1 };
  return {
    change: { kind: "replace", at: { section: "all" }, xml: withVersion(latest.cib, version) },
    notices: [...today.notices, ...latest.notices],
  };
}
