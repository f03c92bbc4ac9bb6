/** The kinds of ordering, and what they make of the two actions. */

import { scoreOr } from "../../../../decision/score.ts";
import { booleanOr, parseBoolean } from "../../../../formats/cib/cib-boolean.ts";
import { attribute, type XmlElement } from "../../../../formats/xml/xml-element.ts";
import { edge } from "../../model/flags.ts";
import { configError } from "../../model/issues.ts";
import type { Cluster } from "../../model/types.ts";

export type Kind = "mandatory" | "optional" | "serialize";

/** "inverse" is the way down that a symmetric ordering implies. */
export type Symmetry = "asymmetric" | "symmetric" | "inverse";

/** Without a kind, an old score of 0 means optional. */
export function kindOf(cluster: Cluster, element: XmlElement): Kind {
  const kind = attribute(element, "kind");
  switch (kind) {
    case undefined: {
      const score = attribute(element, "score");
      return score !== undefined && scoreOr(score, 0) === 0 ? "optional" : "mandatory";
    }
    case "Mandatory":
      return "mandatory";
    case "Optional":
      return "optional";
    case "Serialize":
      return "serialize";
    default:
      configError(cluster, `order ${attribute(element, "id")}: kind '${kind}' is not valid`);
      return "mandatory";
  }
}

export function symmetryOf(
  cluster: Cluster,
  element: XmlElement,
  parentKind: Kind,
  parentSymmetrical: string | undefined,
): Symmetry {
  const ownKind = attribute(element, "kind") ?? attribute(element, "score");
  const kind = ownKind === undefined ? parentKind : kindOf(cluster, element);
  const own = parseBoolean(attribute(element, "symmetrical") ?? "");
  const inherited =
    parentSymmetrical === undefined ? undefined : booleanOr(parentSymmetrical, false);
  const given = own ?? inherited;
  if (given === undefined) return kind === "serialize" ? "asymmetric" : "symmetric";
  return given && kind !== "serialize" ? "symmetric" : "asymmetric";
}

export function kindFlags(kind: Kind, firstTask: string, symmetry: Symmetry): number {
  if (kind === "optional") return edge.order;
  if (kind === "serialize") return edge.serialize;
  switch (symmetry) {
    case "asymmetric":
      return edge.order | edge.asymmetric;
    case "inverse":
      return edge.order | edge.nextNeedsFirst;
    case "symmetric": {
      const up = ["start", "promote", "migrate_from"].includes(firstTask);
      return edge.order | edge.firstForcesNext | (up ? edge.firstBlocksNext : 0);
    }
  }
}

const opposites: Readonly<Record<string, string>> = {
  start: "stop",
  stop: "start",
  promote: "demote",
  demote: "promote",
  promoted: "demoted",
  demoted: "promoted",
  running: "stopped",
  stopped: "running",
};

/** The task that undoes another. */
export function oppositeOf(task: string): string | undefined {
  return Object.hasOwn(opposites, task) ? opposites[task] : undefined;
}
