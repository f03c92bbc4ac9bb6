/** What is demanded once all faults have healed: one DC, one CIB, disks in sync, guests where they belong, nothing to do. */
import { noRuleHolds, readContext } from "../../src/core/cib/read/name-values.ts";
import { findResource } from "../../src/core/cib/read/resource-lookup.ts";
import { metaAttributes, metaValue } from "../../src/core/cib/read/resource-values.ts";
import type { NodeStatus } from "../../src/core/node/node-status.ts";
import { printXmlCompact } from "../../src/formats/xml/print-xml.ts";
import { child, type XmlElement } from "../../src/formats/xml/xml-element.ts";
import type { SimCluster } from "./sim-cluster.ts";

/** What is missing, one sentence each; empty when all is well. */
export function missing(cluster: SimCluster): readonly string[] {
  return [...missingNodes(cluster), ...missingDisks(cluster), ...missingGuests(cluster)];
}

/** @param how `busy`: they may have something to do. */
export function missingNodes(
  cluster: SimCluster,
  how: { readonly busy?: boolean } = {},
): readonly string[] {
  const hosts = [...cluster.hosts.values()];
  const found: string[] = [];
  const configurations = new Set<string>();
  let dcs = 0;
  for (const host of hosts) {
    const status = host.isAwake ? host.daemon?.status() : undefined;
    if (status === undefined || host.daemon === undefined) {
      found.push(`${host.name} is not up`);
      continue;
    }
    configurations.add(configurationText(host.daemon.cib));
    if (status.role !== "dc" && status.role !== "following")
      found.push(`${host.name} is ${status.role}`);
    if (status.role !== "dc") continue;
    dcs++;
    const { controller } = status;
    if (controller?.idle !== true && how.busy !== true)
      found.push(`${host.name} has something to do (${business(status)})`);
    for (const member of controller?.members ?? []) {
      if (member.state !== "joined") found.push(`${member.name} is ${member.state}`);
    }
  }
  if (dcs !== 1) found.push(`${dcs} nodes decide`);
  if (configurations.size > 1) found.push("the nodes' configurations differ");
  return found;
}

/**
 * Who still has something to do, of those that are awake: undecided, joining, in a transition, waiting to try again.
 * Whether all is as it should be is another question.
 */
export function restless(cluster: SimCluster): readonly string[] {
  return [...cluster.hosts.values()].flatMap(({ name, isAwake, daemon }) => {
    const status = isAwake ? daemon?.status() : undefined;
    if (status === undefined || status.role === "following") return [];
    if (status.role !== "dc") return [`${name} is ${status.role}`];
    const joining = (status.controller?.members ?? []).some(({ state }) => state === "joining");
    if (status.controller?.idle === true && !joining) return [];
    return [`${name} has something to do (${business(status)})`];
  });
}

function business({ controller, cib, operations }: NodeStatus): string {
  const transition = controller?.transition;
  const underWay = transition?.underWay.map(({ key, node }) => `${key} on ${node}`) ?? [];
  const running = operations.map(({ resource, action }) => `${action} of ${resource}`);
  const changes = `${cib.pendingChanges} changes`;
  const what = [`transition ${transition?.number} ${transition?.state}`, changes];
  return [...what, ...underWay, ...running].join(", ");
}

function missingDisks(cluster: SimCluster): readonly string[] {
  return [...cluster.hosts.values()].flatMap((host) =>
    [...host.servers].flatMap(([drbdResource, server]) => {
      const volume = server.status()?.volumes[0];
      const isWell =
        volume?.conn === "Connected" &&
        volume.disk === "UpToDate" &&
        volume.peerDisk === "UpToDate";
      const words = `${volume?.conn} ${volume?.disk}/${volume?.peerDisk}`;
      return isWell ? [] : [`${drbdResource} on ${host.name} is ${words}`];
    }),
  );
}

function missingGuests(cluster: SimCluster): readonly string[] {
  const cib = [...cluster.hosts.values()].find((host) => host.daemon !== undefined)?.daemon?.cib;
  const names = [...cluster.shape.guests.map(({ name }) => name), ...cluster.services];
  return names.flatMap((name) => {
    const where = cluster.where(name);
    const wanted = cib !== undefined && isWanted(cib, name) ? 1 : 0;
    return where.length === wanted
      ? []
      : [`${name} executes on ${where.length} hosts, not ${wanted}`];
  });
}

function isWanted(cib: XmlElement, resource: string): boolean {
  const found = findResource(cib, resource);
  if (found === undefined) return false;
  const role = metaValue(metaAttributes(readContext(cib, noRuleHolds), found), "target-role");
  return role?.toLowerCase() !== "stopped";
}

function configurationText(cib: XmlElement): string {
  const { epoch, admin_epoch: adminEpoch } = cib.attributes;
  const configuration = child(cib, "configuration");
  const text = configuration === undefined ? "" : printXmlCompact(configuration);
  return `${adminEpoch}.${epoch} ${text}`;
}
