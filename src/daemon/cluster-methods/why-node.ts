/** A node in itself: whether it can run resources, why not, what is done about it, and what it runs. */
import type { NodeState, ResourceWhy, WhyLine } from "../../api/cluster-why.ts";
import { fencingText } from "../../decision/reason-words.ts";
import type { NodeReason } from "../../decision/reasons.ts";

export function nodeState(reason: NodeReason, resources: readonly ResourceWhy[]): NodeState {
  const { node, obstacles } = reason;
  const changes = resources.flatMap(({ next }) => next).filter(({ blocked }) => !blocked);
  const named = (side: "from" | "to"): readonly string[] =>
    changes.filter((each) => each[side] === node && each.from !== each.to).map(nameOf);
  return {
    node,
    obstacles,
    lines: nodeLines(reason),
    runs: resources.filter(({ activeOn }) => activeOn.includes(node)).map(nameOf),
    comes: named("to"),
    leaves: named("from"),
  };
}

function nameOf({ resource }: { readonly resource: string }): string {
  return resource;
}

/** What keeps it from running resources, with what to do. */
export function nodeLines({
  node,
  obstacles,
  unclean,
  within,
  fencing,
}: NodeReason): readonly WhyLine[] {
  const is = new Set(obstacles);
  if (is.has("unclean")) {
    const outlook = fencingText[fencing];
    const text = `${node} is unclean: ${unclean ?? "lost, and not known to be off"}${outlook === "" ? "" : `; ${outlook}`}.`;
    const remedy =
      fencing === "planned"
        ? ""
        : `If it is off: holdfast node confirm-off ${node} --i-have-looked`;
    return [{ text, remedy }];
  }
  if (is.has("pending")) return [{ text: `${node} has not joined yet.`, remedy: "" }];
  if (is.has("offline") && within !== undefined) {
    const text = `${node} is offline: it lives in ${within}, which does not run.`;
    return [{ text, remedy: `holdfast why ${within}` }];
  }
  if (is.has("offline")) return [{ text: `${node} is offline.`, remedy: "" }];
  const lines: WhyLine[] = [];
  if (is.has("standby-after-failure")) {
    const remedy = `crm_resource --cleanup --node ${node}`;
    lines.push({ text: `${node} is in standby after a failure.`, remedy });
  }
  if (is.has("standby")) {
    const remedy = `holdfast node online ${node}`;
    lines.push({ text: `${node} is in standby.`, remedy });
  }
  if (is.has("maintenance")) {
    const remedy = `crm_attribute --node ${node} --name maintenance --delete`;
    lines.push({ text: `${node} is in maintenance: nothing of it is touched.`, remedy });
  }
  if (is.has("shutting-down")) lines.push({ text: `${node} is shutting down.`, remedy: "" });
  return lines;
}
