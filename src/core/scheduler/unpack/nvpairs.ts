/**
 * Blocks of name/value pairs (meta_attributes, instance_attributes, utilization, cluster properties): blocks with a
 * higher score come first, among equals the later one; a block with a rule counts only while the rule holds; and the
 * first value of a name wins.
 */
import { scoreOr } from "../../../decision/score.ts";
import {
  attribute,
  child,
  childrenNamed,
  type XmlElement,
} from "../../../formats/xml/xml-element.ts";
import { recheckAt } from "../model/recheck.ts";
import type { Cluster } from "../model/types.ts";
import { type RuleContext, type RuleInput, ruleHolds } from "../rules/evaluate-rule.ts";
import { listSort } from "../values/list-sort.ts";
import { resolveReference } from "./references.ts";

export type BlockQuery = {
  readonly from: XmlElement | undefined;
  /** The name of the block elements. */
  readonly blocks: string;
  readonly input: RuleInput;
  /** The id of the block that comes before all others. */
  readonly first?: string;
};

/** Adds the values that `into` does not have yet. */
export function readBlocks(cluster: Cluster, query: BlockQuery, into: Map<string, string>): void {
  if (query.from === undefined) return;
  const blocks: XmlElement[] = [];
  for (const given of query.from.children) {
    if (given.name !== query.blocks) continue;
    const block = resolveReference(cluster, given);
    if (block !== undefined) blocks.push(block);
  }
  blocks.reverse();
  const ordered =
    blocks.length < 2 ? blocks : listSort(blocks, (a, b) => byImportance(a, b, query.first));
  const context = ruleContext(cluster, query.input);
  for (const block of ordered) readBlock(cluster, block, context, into);
}

export function ruleContext(cluster: Cluster, input: RuleInput): RuleContext {
  return {
    input,
    onChange: (seconds) => recheckAt(cluster, seconds),
    resolve: (element) => resolveReference(cluster, element),
  };
}

function byImportance(a: XmlElement, b: XmlElement, first: string | undefined): number {
  if (first !== undefined) {
    if (attribute(a, "id") === first) return -1;
    if (attribute(b, "id") === first) return 1;
  }
  return scoreOf(b) - scoreOf(a);
}

function scoreOf(block: XmlElement): number {
  return scoreOr(attribute(block, "score"), 0);
}

function readBlock(
  cluster: Cluster,
  block: XmlElement,
  context: RuleContext,
  into: Map<string, string>,
): void {
  const rule = child(block, "rule");
  if (rule !== undefined && !ruleHolds(rule, context)) return;
  const wrapped = block.children[0]?.name === "attributes" ? block.children[0] : block;
  for (const given of childrenNamed(wrapped, "nvpair")) {
    const pair = resolveReference(cluster, given);
    const name = pair === undefined ? undefined : attribute(pair, "name");
    const value = pair === undefined ? undefined : attribute(pair, "value");
    if (name === undefined || value === undefined) continue;
    if (value.toLowerCase() === "#default") into.delete(name);
    else if (!into.has(name)) into.set(name, value);
  }
}
