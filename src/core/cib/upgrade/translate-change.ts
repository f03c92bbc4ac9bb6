/**
 * A change as a person gave it -> the change as the cluster makes it: what is written for an older CIB is said in
 * today's form, with a notice for each difference. Done once, where the change comes in; what nodes tell each other is
 * the translated change.
 */

import { scoreOr } from "../../../decision/score.ts";
import {
  attribute,
  childrenNamed,
  descendants,
  element,
  type XmlElement,
} from "../../../formats/xml/xml-element.ts";
import type { CibChange } from "../change.ts";
import type { CibNotice } from "../notice.ts";
import { addValues, noRuleHolds, readContext } from "../read/name-values.ts";
import { sectionOf } from "../sections.ts";
import { sameXml } from "../tree.ts";
import { mendIds } from "./mend-ids.ts";
import { changesOfMoved } from "./moved-defaults.ts";
import { isOldForm } from "./old-form.ts";
import { translateOptionSet } from "./option-set.ts";
import { translateElement } from "./translate-element.ts";
import type { Translation } from "./translation.ts";
import { upgradeCib } from "./upgrade-cib.ts";

export type TranslatedChange = {
  readonly change: CibChange;
  readonly notices: readonly CibNotice[];
};

export function translateChange(cib: XmlElement, change: CibChange): TranslatedChange {
  if (change.kind === "sequence") {
    const translated = change.changes.map((each) => translateChange(cib, each));
    return {
      change: { ...change, changes: translated.map((each) => each.change) },
      notices: translated.flatMap((each) => each.notices),
    };
  }
  if (!("xml" in change)) return { change, notices: [] };
  const { xml } = change;
  if (change.kind === "replace" && xml.name === "cib") return replacedWhole(change, xml);
  const on: Translation = {
    old: isOldForm(xml),
    partial: change.kind === "modify" || change.kind === "delete",
    setOfPair: setsOfPairs(cib),
    stickiness: stickinessOf(cib),
    notices: [],
    moved: [],
  };
  const today = xml.name === "nvpair" ? translateLoosePair(on, xml) : translateElement(on, xml);
  if (today === undefined) return loosePairMoved(change, on);
  const mended = on.old ? mendIds(on, today, idsOf(cib)) : today;
  if (sameXml(mended, xml) && on.moved.length === 0) return { change, notices: [] };
  const translated = { ...change, xml: mended };
  const moved = change.kind === "delete" ? [] : changesOfMoved(on.moved);
  if (moved.length === 0) return { change: translated, notices: on.notices };
  const changes = isMovedWhole(mended, on) ? moved : [translated, ...moved];
  return { change: { kind: "sequence", changes }, notices: on.notices };
}

/** An option's pair without its set. Undefined when it stands in a section of defaults today. */
function translateLoosePair(on: Translation, pair: XmlElement): XmlElement | undefined {
  const set = element("cluster_property_set", { id: "" }, [pair]);
  return translateOptionSet(on, set).children[0];
}

function loosePairMoved(
  change: CibChange & { readonly xml: XmlElement },
  on: Translation,
): TranslatedChange {
  const [moved] = on.moved;
  if (moved === undefined)
    return { change: { kind: "sequence", changes: [] }, notices: on.notices };
  const at = { section: moved.section };
  return { change: { ...change, at, xml: moved.pair } as CibChange, notices: on.notices };
}

function replacedWhole(change: CibChange, xml: XmlElement): TranslatedChange {
  const { cib, notices } = upgradeCib(xml);
  return { change: { ...change, xml: cib } as CibChange, notices };
}

/** Nothing is left to be changed where the piece was given: all of a set of options moved. */
function isMovedWhole(left: XmlElement, on: Translation): boolean {
  return left.name === "cluster_property_set" && left.children.length === 0 && on.moved.length > 0;
}

function stickinessOf(cib: XmlElement): number {
  const values = new Map<string, string>();
  const parent = sectionOf(cib, "rsc_defaults");
  const context = readContext(cib, noRuleHolds);
  if (parent) addValues(context, values, { parent, setName: "meta_attributes" });
  return scoreOr(values.get("resource-stickiness"), 0);
}

function setsOfPairs(cib: XmlElement): ReadonlyMap<string, string> {
  const sets = new Map<string, string>();
  for (const set of descendants(sectionOf(cib, "resources") ?? cib)) {
    for (const pair of childrenNamed(set, "nvpair")) {
      const [id, setId] = [attribute(pair, "id"), attribute(set, "id")];
      if (id !== undefined && setId !== undefined) sets.set(id, setId);
    }
  }
  return sets;
}

function idsOf(cib: XmlElement): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  for (const each of descendants(sectionOf(cib, "configuration") ?? cib)) {
    const id = attribute(each, "id");
    if (id !== undefined && !ids.has(id)) ids.set(id, each.name);
  }
  return ids;
}
