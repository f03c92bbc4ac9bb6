/** CIB -> Cluster: configuration first, then the status. */
import { attribute, childrenNamed, type XmlElement } from "../../../formats/xml/xml-element.ts";
import { indexResource } from "../model/find-resource.ts";
import { configError } from "../model/issues.ts";
import type { Cluster, Settings, Variant, VariantRules } from "../model/types.ts";
import { listSort } from "../values/list-sort.ts";
import { readConfigNodes } from "./config-nodes.ts";
import { expandRemoteNodes, linkConnection, linkLauncher } from "./remote-nodes.ts";
import { readResource } from "./resource.ts";
import { readSettings } from "./settings.ts";
import { readStatus, sectionNamed } from "./status.ts";
import { readTags } from "./tags.ts";

export type ClusterInput = {
  readonly cib: XmlElement;
  /** Seconds since 1970. */
  readonly now: number;
  readonly sanitized: boolean;
  readonly rules: Readonly<Record<Variant, VariantRules>>;
};

export function readCib(input: ClusterInput): Cluster {
  const cluster = emptyCluster(input);
  const configuration = sectionNamed(input.cib, "configuration");
  cluster.opDefaults = sectionNamed(configuration, "op_defaults");
  cluster.rscDefaults = sectionNamed(configuration, "rsc_defaults");
  readSettings(cluster, sectionNamed(configuration, "crm_config"));
  readConfigNodes(cluster, sectionNamed(configuration, "nodes"));
  readResources(cluster, sectionNamed(configuration, "resources"));
  readTags(cluster, sectionNamed(configuration, "tags"));
  readStatus(cluster, sectionNamed(input.cib, "status"));
  return cluster;
}

function readResources(cluster: Cluster, section: XmlElement | undefined): void {
  const given = section === undefined ? [] : section.children;
  for (const template of section === undefined ? [] : childrenNamed(section, "template")) {
    const id = attribute(template, "id");
    if (id !== undefined && !cluster.templates.has(id)) cluster.templates.set(id, []);
  }
  for (const element of expandRemoteNodes(cluster, given)) {
    if (element.name === "template") continue;
    const resource = readResource(cluster, element, undefined);
    if (resource === undefined) continue;
    cluster.resources.push(resource);
    indexResource(cluster, resource);
  }
  for (const resource of cluster.resources) {
    linkLauncher(cluster, resource);
    linkConnection(cluster, resource);
  }
  cluster.resources = listSort(cluster.resources, (a, b) => b.priority - a.priority);
  if (cluster.settings.fencingEnabled && !cluster.haveFencing) {
    configError(
      cluster,
      "nothing is started: fencing is enabled but there is no fence device (add one, or set fencing-enabled=false)",
    );
  }
}

function emptyCluster(input: ClusterInput): Cluster {
  return {
    input: input.cib,
    now: input.now,
    sanitized: input.sanitized,
    options: new Map(),
    settings: undefined as unknown as Settings,
    haveFencing: false,
    haveRemoteNodes: false,
    nodes: [],
    nodesByName: new Map(),
    dc: undefined,
    resources: [],
    templates: new Map(),
    tags: new Map(),
    tickets: new Map(),
    actions: [],
    singletons: new Map(),
    changedMeta: new Map(),
    nextActionId: 1,
    locations: [],
    colocations: [],
    preferencesFollowed: 0,
    orderings: [],
    failed: [],
    spoiledDigests: new Set(),
    parameterChecks: [],
    stopNeeded: [],
    elementsById: new Map(),
    history: undefined,
    rscDefaults: undefined,
    opDefaults: undefined,
    healthScores: { red: 0, yellow: 0, green: 0 },
    recheckBy: 0,
    issues: [],
    notes: [],
    scores: [],
    utilization: [],
    rules: input.rules,
  };
}
