/** <cluster_property_set>: options renamed, moved to the sections of defaults, or left out. */

import { scoreOr } from "../../../decision/score.ts";
import {
  attribute,
  withAttributes,
  withChildren,
  type XmlElement,
} from "../../../formats/xml/xml-element.ts";
import { optionNamed } from "../read/cluster-options.ts";
import { migrationThreshold } from "./failure-stickiness.ts";
import { dashed } from "./old-form.ts";
import { type DefaultsSection, note, type Translation } from "./translation.ts";

/** By their names with "-"; they were spelled with "_", too. */
const moves: Readonly<
  Record<string, { readonly section: DefaultsSection; readonly name: string }>
> = {
  "default-resource-stickiness": { section: "rsc_defaults", name: "resource-stickiness" },
  "is-managed-default": { section: "rsc_defaults", name: "is-managed" },
  "default-migration-threshold": { section: "rsc_defaults", name: "migration-threshold" },
  "default-action-timeout": { section: "op_defaults", name: "timeout" },
};

const dropped: Readonly<Record<string, string>> = {
  "remove-after-stop": "No resource is removed after its stop any more.",
  "expected-quorum-votes": "Quorum is counted by the membership.",
  "notification-agent": "Alerts have a section of their own: <alerts>.",
  "notification-recipient": "Alerts have a section of their own: <alerts>.",
};

const oldInfrastructure = /^(heartbeat|openais|classic openais.*|cman)$/;

/** Expects the pairs to stand in the set directly. */
export function translateOptionSet(on: Translation, set: XmlElement): XmlElement {
  const stickiness = stickinessOf(on, set);
  return withChildren(
    set,
    set.children.flatMap((child) => {
      if (child.name !== "nvpair") return [child];
      const translated = translateOption(on, { set, pair: child, stickiness });
      return translated === undefined ? [] : [translated];
    }),
  );
}

type Option = { readonly set: XmlElement; readonly pair: XmlElement; readonly stickiness: number };

function translateOption(on: Translation, option: Option): XmlElement | undefined {
  const { pair } = option;
  const name = attribute(pair, "name") ?? "";
  const today = dashed(name);
  const move = own(moves, today);
  if (move !== undefined) return moveAway(on, option, move);
  if (today === "default-resource-failure-stickiness") return translateFailures(on, option);
  const gone = own(dropped, today) ?? goneInfrastructure(pair, today);
  if (gone !== undefined && (name.includes("_") || today !== "remove-after-stop")) {
    note(on, "HF4109", {
      of: pair,
      from: `${name}=${attribute(pair, "value")}`,
      to: "",
      why: gone,
    });
    return undefined;
  }
  if (name === "transition_idle_timeout") {
    return renamed(on, pair, "cluster-delay", "The option has another name today.");
  }
  if (name !== today && optionNamed(today) !== undefined) {
    return renamed(on, pair, today, "Names of options are spelled with -.");
  }
  return pair;
}

function renamed(on: Translation, pair: XmlElement, name: string, why: string): XmlElement {
  note(on, "HF4101", { of: pair, from: attribute(pair, "name") ?? "", to: name, why });
  return withAttributes(pair, { name });
}

function moveAway(
  on: Translation,
  { set, pair }: Option,
  to: { readonly section: DefaultsSection; readonly name: string; readonly value?: string },
): undefined {
  const value = to.value ?? attribute(pair, "value") ?? "";
  const setId = `${attribute(set, "id")}-${to.section.replace("_", "-")}`;
  on.moved.push({
    section: to.section,
    setId,
    pair: withAttributes(pair, { name: to.name, value }),
  });
  if (to.value !== undefined) return undefined;
  note(on, "HF4102", {
    of: pair,
    from: `${attribute(pair, "name")}=${value}`,
    to: `${to.name}=${value} in <${to.section}>`,
    why: "Defaults of resources and operations have sections of their own.",
  });
  return undefined;
}

function translateFailures(on: Translation, option: Option): undefined {
  const { pair, stickiness } = option;
  const value = attribute(pair, "value") ?? "";
  const threshold = migrationThreshold(value, stickiness);
  const from = `${attribute(pair, "name")}=${value}`;
  if (threshold === undefined) {
    const why =
      "With this stickiness no number of failures moves a resource: that is the default today.";
    note(on, "HF4103", { of: pair, from, to: "", why });
    return undefined;
  }
  moveAway(on, option, { section: "rsc_defaults", name: "migration-threshold", value: threshold });
  note(on, "HF4103", {
    of: pair,
    from,
    to: `migration-threshold=${threshold} in <rsc_defaults>`,
    why: `With a stickiness of ${stickiness} a resource left its node after so many failures; today they are counted. Location scores, which counted too, are not looked at.`,
  });
  return undefined;
}

/** The stickiness of this set, else that of the CIB it goes into. */
function stickinessOf(on: Translation, set: XmlElement): number {
  const pair = set.children.find(
    (each) => dashed(attribute(each, "name") ?? "") === "default-resource-stickiness",
  );
  const value = pair && attribute(pair, "value");
  return value === undefined ? on.stickiness : scoreOr(value.toUpperCase(), 0);
}

function goneInfrastructure(pair: XmlElement, name: string): string | undefined {
  if (name !== "cluster-infrastructure") return undefined;
  const old = oldInfrastructure.test(attribute(pair, "value") ?? "");
  return old ? "The cluster says itself what it runs on." : undefined;
}

function own<V>(table: Readonly<Record<string, V>>, name: string): V | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
