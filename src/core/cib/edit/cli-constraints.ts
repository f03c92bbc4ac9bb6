/** The location constraints by which crm_resource moves and bans, named as Pacemaker names them. */
import { err, ok, type Result } from "../../../base/result.ts";
import type { WallTime } from "../../../base/time.ts";
import { parseIso8601Duration } from "../../../formats/cib/iso8601-duration.ts";
import { sanitizedId } from "../../../formats/cib/sanitized-id.ts";
import { addDuration, formatWallTime } from "../../../formats/cib/wall-time-text.ts";
import {
  attribute,
  child,
  descendants,
  element,
  type XmlElement,
} from "../../../formats/xml/xml-element.ts";
import { type CibRefusal, refusal } from "../refusal.ts";
import { sectionChildren } from "../sections.ts";

/** A wish to be on a node (INFINITY), or never to be there (-INFINITY). */
export type CliConstraint = {
  readonly kind: "prefer" | "ban";
  readonly resource: string;
  /** The node's name. */
  readonly node: string;
  readonly promotedOnly: boolean;
  /** As in a rule; undefined: until it is cleared. */
  readonly until: string | undefined;
  /** Stands in the id of the rule; undefined: as Pacemaker's own tools make it. */
  readonly mark?: MoveMark | undefined;
};

/** Whose wish it is, and whether it ends when it is fulfilled. */
export type MoveMark = {
  readonly owner: string;
  readonly isOnce: boolean;
};

export function constraintId(of: Pick<CliConstraint, "kind" | "resource" | "node">): string {
  const resource = sanitizedId(of.resource);
  if (of.kind === "prefer") return `cli-prefer-${resource}`;
  return `cli-ban-${resource}-on-${sanitizedId(of.node)}`;
}

export function constraintElement(of: CliConstraint): XmlElement {
  const id = constraintId(of);
  const score = of.kind === "prefer" ? "INFINITY" : "-INFINITY";
  const role = of.promotedOnly ? "Promoted" : "Started";
  const base = { id, rsc: of.resource, role };
  if (of.until === undefined) return element("rsc_location", { ...base, node: of.node, score });
  const ids = partIds(of, id);
  const onNode = { attribute: "#uname", operation: "eq", value: of.node, type: "string" };
  return element("rsc_location", base, [
    element("rule", { id: ids.rule + markText(of.mark), score, "boolean-op": "and" }, [
      element("expression", { id: ids.node, ...onNode }),
      element("date_expression", { id: ids.end, operation: "lt", end: of.until }),
    ]),
  ]);
}

function markText(mark: MoveMark | undefined): string {
  if (mark === undefined) return "";
  return `${mark.isOnce ? "-once" : ""}-by-${sanitizedId(mark.owner)}`;
}

/** Of a constraint as it stands in the CIB. */
export function markOf(constraint: XmlElement): MoveMark | undefined {
  const [id, resource] = [attribute(constraint, "id") ?? "", attribute(constraint, "rsc") ?? ""];
  const rule = attribute(child(constraint, "rule") ?? constraint, "id") ?? "";
  const kind = id.startsWith("cli-ban-") ? "ban" : "prefer";
  const node = nodeOf(constraint) ?? "";
  const plain = partIds({ kind, resource }, constraintId({ kind, resource, node })).rule;
  if (!rule.startsWith(plain)) return undefined;
  const found = /^(-once)?-by-(.+)$/.exec(rule.slice(plain.length));
  return found === null ? undefined : { owner: found[2] ?? "", isOnce: found[1] !== undefined };
}

function partIds(
  of: Pick<CliConstraint, "kind" | "resource">,
  id: string,
): { rule: string; node: string; end: string } {
  const resource = sanitizedId(of.resource);
  if (of.kind === "ban") return { rule: `${id}-rule`, node: `${id}-expr`, end: `${id}-lifetime` };
  return {
    rule: `cli-prefer-rule-${resource}`,
    node: `cli-prefer-expr-${resource}`,
    end: `cli-prefer-lifetime-end-${resource}`,
  };
}

/** Those that stand in the CIB, of one resource or of all. */
export function cliConstraints(cib: XmlElement, resource?: string): readonly XmlElement[] {
  return sectionChildren(cib, "constraints").filter((each) => {
    const id = attribute(each, "id") ?? "";
    const cli = each.name === "rsc_location" && /^cli-(prefer|ban)-/.test(id);
    return cli && (resource === undefined || attribute(each, "rsc") === resource);
  });
}

/** The node that a constraint is about, however it says so. */
export function nodeOf(constraint: XmlElement): string | undefined {
  const direct = attribute(constraint, "node");
  if (direct !== undefined) return direct;
  for (const each of descendants(constraint)) {
    if (each.name !== "expression" || attribute(each, "attribute") !== "#uname") continue;
    return attribute(each, "value");
  }
  return undefined;
}

/** When a constraint ends, as its rule says it; undefined if it does not. */
export function endOf(constraint: XmlElement): string | undefined {
  for (const each of descendants(constraint)) {
    if (each.name === "date_expression") return attribute(each, "end");
  }
  return undefined;
}

/** The end of a lifetime ("PT1H") that begins now. */
export function endOfLifetime(
  lifetime: string | undefined,
  now: WallTime,
): Result<string | undefined, CibRefusal> {
  if (lifetime === undefined) return ok(undefined);
  const duration = parseIso8601Duration(lifetime);
  if (duration !== undefined) return ok(formatWallTime(addDuration(now, duration)));
  return err(
    refusal("HF4012", `"${lifetime}" is no duration.`, {
      remedy: "Write it as in ISO 8601: PT30M for 30 minutes, PT8H for 8 hours, P7D for 7 days.",
    }),
  );
}
