/** `crm_mon --output-as=xml`: what exporters read, in the form of Pacemaker 2.1's tools. */
import type { ClusterSnapshot, LocationNote, TicketNote } from "../../../api/cluster-snapshot.ts";
import { shownFencing } from "../crm-mon/fencing-lists.ts";
import type { MonOptions } from "../crm-mon/mon-options.ts";
import { isMeant, isMeantResource } from "../crm-mon/node-list.ts";
import { isActive, meantResources } from "../crm-mon/resource-list.ts";
import type { TimeTexts } from "../time-texts.ts";
import type { XmlText } from "../xml-text.ts";
import { fenceHistoryXml } from "./fencing-xml.ts";
import { failuresXml, historyXml } from "./history-xml.ts";
import { attributesXml, nodesXml } from "./nodes-xml.ts";
import { resourcesXml } from "./resource-xml.ts";
import { summaryXml } from "./summary-xml.ts";

/** In the order of the sections in the text. */
export function monXml(
  snapshot: ClusterSnapshot,
  options: MonOptions,
  times: TimeTexts,
): readonly XmlText[] {
  const { sections, onlyNode, onlyResource } = options;
  const nodes = snapshot.status.nodes.filter(({ name }) => isMeant(name, onlyNode));
  const parts: readonly (XmlText | undefined | false)[] = [
    summaryXml(snapshot, sections, times),
    sections.has("nodes") && nodesXml(snapshot, { nodes, inside: insideNodes(options) }),
    sections.has("resources") && resources(snapshot, options),
    sections.has("attributes") &&
      attributesXml(
        snapshot.nodes.filter(({ name }) =>
          nodes.some((node) => node.name === name && node.online),
        ),
      ),
    history(snapshot, options, times),
    sections.has("failures") &&
      failuresXml(
        snapshot.failures
          .filter(({ node }) => isMeant(node, onlyNode))
          .filter(({ resource }) => isMeantResource(resource ?? "", onlyResource)),
        times,
      ),
    fencing(snapshot, options, times),
    sections.has("tickets") && ticketsXml(snapshot.tickets, times),
    sections.has("bans") && bansXml(snapshot, options),
  ];
  return parts.filter((part) => part !== undefined && part !== false);
}

function insideNodes({ groupByNode, onlyResource }: MonOptions) {
  if (!groupByNode) return undefined;
  return ({ name }: { readonly name: string }): boolean => isMeantResource(name, onlyResource);
}

function resources(snapshot: ClusterSnapshot, options: MonOptions): XmlText | undefined {
  const all = meantResources(snapshot, options, { implicit: true });
  // What is active stands in its node already.
  const meant = options.groupByNode
    ? all.filter((each) => !isActive(snapshot.status, each, "all"))
    : all;
  return meant.length === 0 ? undefined : resourcesXml(snapshot, meant);
}

function history(
  snapshot: ClusterSnapshot,
  { sections, onlyNode, onlyResource }: MonOptions,
  times: TimeTexts,
): XmlText | undefined {
  const what = sections.has("operations") ? "operations" : "failcounts";
  if (!sections.has(what)) return undefined;
  const meant = snapshot.history
    .filter(({ node }) => isMeant(node, onlyNode))
    .map(({ node, resources: all }) => ({
      node,
      resources: all.filter(({ name }) => isMeantResource(name, onlyResource)),
    }));
  return meant.length === 0 ? undefined : historyXml(meant, what, times);
}

function fencing(
  snapshot: ClusterSnapshot,
  options: MonOptions,
  times: TimeTexts,
): XmlText | undefined {
  if (snapshot.live === undefined || !options.sections.has("fencing")) return undefined;
  return fenceHistoryXml(shownFencing(snapshot, options), times);
}

function ticketsXml(tickets: readonly TicketNote[], times: TimeTexts): XmlText | undefined {
  if (tickets.length === 0) return undefined;
  const children = tickets.map(({ id, granted, standby, lastGrantedS }) => ({
    name: "ticket",
    attributes: {
      ...{ id, status: granted ? "granted" : "revoked", standby },
      "last-granted": lastGrantedS === undefined ? undefined : times.full(lastGrantedS * 1000),
    },
  }));
  return { name: "tickets", attributes: {}, children };
}

function bansXml(
  snapshot: ClusterSnapshot,
  { banPrefix, onlyResource }: MonOptions,
): XmlText | undefined {
  const children = snapshot.locations
    .filter(({ score, id }) => score < 0 && id.startsWith(banPrefix))
    .filter(({ resource }) => isMeantResource(resource, onlyResource))
    .map(banXml);
  return children.length === 0 ? undefined : { name: "bans", attributes: {}, children };
}

function banXml({ id, resource, node, score, role }: LocationNote): XmlText {
  const promotedOnly = role === "Promoted";
  return {
    name: "ban",
    attributes: {
      ...{ id, resource, node, weight: score },
      "promoted-only": promotedOnly,
      master_only: promotedOnly,
    },
  };
}
