/**
 * The CIB of a new cluster. Holdfast's own defaults are written into it, where everybody can see and change them;
 * the set has the lowest score, so that any set that a person adds wins over it.
 */
import { element, type XmlElement } from "../../formats/xml/xml-element.ts";

/** The feature set that Holdfast's CIBs declare: old enough for the tools of Debian 12 and 13 to read them. */
export const crmFeatureSet = "3.16.1";

/** The newest feature set of a CIB that Holdfast takes: a newer one may mean things that it does not know. */
export const crmFeatureSetMax = "3.20.5";

/** The schema that Holdfast's CIBs name, the newest that these tools know. */
export const validateWith = "pacemaker-3.9";

/** A guest stays where it runs, and a failure is forgotten after a while. */
const declaredDefaults: Readonly<Record<string, string>> = {
  "resource-stickiness": "1",
  "failure-timeout": "10min",
};

/** A move by a command ends when it is done, and whatever becomes of it after this time (edit/move-lifetime.ts). */
export const declaredOptions: Readonly<Record<string, string>> = {
  "holdfast-move-lifetime": "1h",
};

/** The ids of the sets in which they stand. */
export const declaredSets: readonly string[] = ["holdfast-defaults", "holdfast-options"];

/** With empty sections, at version 0.0.0. */
export function emptyCib(): XmlElement {
  return cibOf({ options: [], defaults: [] });
}

/** What a new cluster starts with: empty but for the declared defaults, at version 0.0.0. */
export function newClusterCib(): XmlElement {
  const defaults = ownSet("meta_attributes", "holdfast-defaults", declaredDefaults);
  const options = ownSet("cluster_property_set", "holdfast-options", declaredOptions);
  return cibOf({ options: [options], defaults: [element("rsc_defaults", {}, [defaults])] });
}

function ownSet(name: string, id: string, values: Readonly<Record<string, string>>): XmlElement {
  const pairs = Object.entries(values).map(([key, value]) =>
    element("nvpair", { id: `${id}-${key}`, name: key, value }),
  );
  return element(name, { id, score: "-INFINITY" }, pairs);
}

function cibOf(own: {
  readonly options: readonly XmlElement[];
  readonly defaults: readonly XmlElement[];
}): XmlElement {
  const configuration = element("configuration", {}, [
    element("crm_config", {}, own.options),
    element("nodes"),
    element("resources"),
    element("constraints"),
    ...own.defaults,
  ]);
  const attributes = {
    crm_feature_set: crmFeatureSet,
    "validate-with": validateWith,
    epoch: "0",
    num_updates: "0",
    admin_epoch: "0",
  };
  return element("cib", attributes, [configuration, element("status")]);
}
