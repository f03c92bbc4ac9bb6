/** `crm_resource --constraints` and `--stack`, as Pacemaker's tool prints them. */
import type {
  ColocationLine,
  LocationLine,
  ResourceConstraints,
} from "../../api/cluster-constraints.ts";
import { formatScore } from "../../decision/score.ts";
import { type ListItem, listText } from "../scheduler/list-text.ts";
import type { XmlText } from "./xml-text.ts";

/** @param recursive also what the others are bound to. */
export function constraintsText(of: ResourceConstraints, recursive: boolean): string {
  return constraintLists(of, recursive)
    .map(({ title, items }) => listText(title, items))
    .join("");
}

type List = { readonly title: string; readonly items: readonly ListItem[] };

function constraintLists(of: ResourceConstraints, recursive: boolean): readonly List[] {
  const { resource, locations } = of;
  return [
    ...locationList(locations),
    ...colocationList(of.with, { title: withTitle(resource), direction: "with", recursive }),
    ...colocationList(of.by, { title: byTitle(resource), direction: "by", recursive }),
  ];
}

const withTitle = (resource: string): string => `Resources ${resource} is colocated with`;
const byTitle = (resource: string): string => `Resources colocated with ${resource}`;

function locationList(locations: readonly LocationLine[]): readonly List[] {
  if (locations.length === 0) return [];
  const items = locations.map(({ node, score, id, resource, until }) => {
    const end = until === undefined ? "" : `, until ${until}`;
    return `Node ${node} (score=${formatScore(score)}, id=${id}, rsc=${resource}${end})`;
  });
  return [{ title: "Locations", items }];
}

type Shown = {
  readonly title: string;
  readonly direction: "with" | "by";
  readonly recursive: boolean;
};

function colocationList(lines: readonly ColocationLine[], shown: Shown): readonly List[] {
  if (lines.length === 0) return [];
  const items = lines.flatMap((line) => colocationItems(line, shown));
  return [{ title: shown.title, items }];
}

function colocationItems(line: ColocationLine, shown: Shown): readonly ListItem[] {
  const { direction, recursive } = shown;
  const other = direction === "with" ? line.withResource : line.resource;
  if (line.isLoop) return [`${other} (id=${line.id} - loop)`];
  const needs = direction === "with" ? "with" : "needs";
  const isRoleTold = line.withRole === "Promoted" || line.withRole === "Unpromoted";
  const role = isRoleTold ? `, ${needs} role=${line.withRole}` : "";
  const title = direction === "with" ? withTitle(other) : byTitle(other);
  const inside = [
    ...locationList(line.locations),
    ...(recursive ? colocationList(line.further, { ...shown, title }) : []),
  ];
  const head = `${other} (score=${formatScore(line.score)}${role}, id=${line.id})`;
  return inside.length === 0 ? [head] : [{ title: head, items: inside, bare: true }];
}

export function constraintsXml(of: ResourceConstraints, recursive: boolean): XmlText {
  const lines = [...of.with, ...of.by];
  return {
    name: "constraints",
    attributes: {},
    children: [
      ...of.locations.map(locationXml),
      ...lines.flatMap((line) => colocationXml(line, recursive)),
    ],
  };
}

function locationXml({ node, resource, id, score, role }: LocationLine): XmlText {
  return {
    name: "rsc_location",
    attributes: { node, rsc: resource, id, score: formatScore(score), role },
  };
}

function colocationXml(line: ColocationLine, recursive: boolean): readonly XmlText[] {
  const { id, resource, withResource, score, role, withRole, nodeAttribute } = line;
  const attributes = {
    ...{ id, rsc: resource, "with-rsc": withResource, score: formatScore(score) },
    ...{ "node-attribute": nodeAttribute, "rsc-role": role, "with-rsc-role": withRole },
  };
  return [
    { name: "rsc_colocation", attributes },
    ...line.locations.map(locationXml),
    ...(recursive ? line.further.flatMap((each) => colocationXml(each, true)) : []),
  ];
}
