/** A whole CIB of any age -> the same in today's form. */
import { parseScore } from "../../../decision/score.ts";
import {
  attribute,
  child,
  descendants,
  element,
  withAttributes,
  withChildren,
  type XmlElement,
} from "../../../formats/xml/xml-element.ts";
import { crmFeatureSet, validateWith } from "../empty-cib.ts";
import type { CibNotice } from "../notice.ts";
import { configurationSections, sectionOf, withSection } from "../sections.ts";
import { sameXml } from "../tree.ts";
import { mendIds } from "./mend-ids.ts";
import { withMoved } from "./moved-defaults.ts";
import { dashed, isOldForm } from "./old-form.ts";
import { translateElement } from "./translate-element.ts";
import { note, type Translation } from "./translation.ts";

export type UpgradedCib = { readonly cib: XmlElement; readonly notices: readonly CibNotice[] };

/** The same object, without notices, where nothing is old. The version stays as it is. */
export function upgradeCib(cib: XmlElement): UpgradedCib {
  const on: Translation = {
    // Safety: what Heartbeat meant by silence, fencing above all, is never read into a later cluster's CIB.
    old: !namesSchema(cib) && isOldForm(cib),
    partial: false,
    setOfPair: new Map(),
    stickiness: stickinessIn(cib),
    notices: [],
    moved: [],
  };
  let upgraded = withMoved(translateElement(on, cib), on.moved);
  if (on.old) upgraded = withFencingOff(on, withWholeForm(mendIds(on, upgraded)));
  const schema = attribute(upgraded, "validate-with");
  const isToday = schema !== undefined && /^pacemaker-(3|4)\.\d+$/.test(schema);
  if (!isToday) upgraded = withAttributes(upgraded, { "validate-with": validateWith });
  return { cib: sameXml(upgraded, cib) ? cib : upgraded, notices: on.notices };
}

/** Every CIB since Pacemaker 1.0 names the schema that it follows. */
function namesSchema(cib: XmlElement): boolean {
  return /^pacemaker-[1-9]/.test(attribute(cib, "validate-with") ?? "");
}

/** Heartbeat's default stickiness: its own option, or today's place. */
function stickinessIn(cib: XmlElement): number {
  for (const pair of descendants(sectionOf(cib, "configuration") ?? cib)) {
    const name = dashed(attribute(pair, "name") ?? "");
    if (pair.name !== "nvpair" || name !== "default-resource-stickiness") continue;
    return parseScore((attribute(pair, "value") ?? "").toUpperCase()) ?? 0;
  }
  return 0;
}

/** What every CIB has today, and Heartbeat's may lack. */
function withWholeForm(cib: XmlElement): XmlElement {
  let whole = cib;
  for (const section of configurationSections) {
    if (["crm_config", "nodes", "resources", "constraints"].includes(section)) {
      whole = withSection(whole, section);
    }
  }
  whole = withSection(whole, "status");
  const defaults = {
    admin_epoch: "0",
    epoch: "0",
    num_updates: "0",
    crm_feature_set: crmFeatureSet,
  };
  const missing = Object.entries(defaults).filter(([name]) => !attribute(whole, name));
  return withAttributes(whole, Object.fromEntries(missing));
}

/** Heartbeat fenced nobody unless it was told to; today fencing is on unless it is switched off. */
function withFencingOff(on: Translation, cib: XmlElement): XmlElement {
  const configuration = child(cib, "configuration");
  const section = configuration && child(configuration, "crm_config");
  if (configuration === undefined || section === undefined) return cib;
  const names = ["stonith-enabled", "stonith_enabled", "fencing-enabled"];
  for (const each of descendants(section)) {
    if (names.includes(attribute(each, "name") ?? "")) return cib;
  }
  const id = "heartbeat-defaults";
  const pair = element("nvpair", {
    id: `${id}-stonith-enabled`,
    name: "stonith-enabled",
    value: "false",
  });
  const why =
    "Heartbeat did not fence unless told to. Without fencing a guest may run twice: switch it on.";
  note(on, "HF4108", { of: section, from: "", to: "stonith-enabled=false", why });
  const set = element("cluster_property_set", { id }, [pair]);
  const extended = withChildren(section, [...section.children, set]);
  const sections = configuration.children.map((each) => (each === section ? extended : each));
  return withChildren(
    cib,
    cib.children.map((each) =>
      each === configuration ? withChildren(configuration, sections) : each,
    ),
  );
}
