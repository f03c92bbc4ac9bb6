/** Why things are as they are, in sentences. */

import { downCodes } from "../../api/down-codes.ts";
import { unreachable } from "../../base/assert.ts";
import type {
  DownCause,
  FencingOutlook,
  NodeReason,
  NodeScore,
  PlacementChoice,
  Reasons,
  ResourceReason,
} from "../../decision/reasons.ts";

/** What is down although nobody asked for it, when nothing will be done: a line each, with its code. */
export function idleLines(reasons: Reasons): string[] {
  const idle = new Set(reasons.idle);
  return reasons.resources.flatMap((each) =>
    idle.has(each.resource) && each.down !== undefined ? [downLine(each.resource, each.down)] : [],
  );
}

/** One resource: what becomes of it, then every node with what speaks for and against it. */
export function resourceLines(reason: ResourceReason, nodes: readonly NodeReason[]): string[] {
  const { resource, node, down } = reason;
  const first =
    down === undefined
      ? `${resource} runs on ${node}${reason.choice === undefined ? "" : choiceText[reason.choice]}`
      : downLine(resource, down);
  return [first, ...reason.scores.map((score) => `  ${scoreLine(score, nodes)}`)];
}

export function nodeLine({ node, obstacles, unclean, fencing }: NodeReason): string {
  if (obstacles.length === 0) return `${node} can run resources`;
  const why = unclean === undefined ? "" : ` (${unclean})`;
  return `${node} is ${obstacles.join(", ")}${why}${fencingText[fencing]}`;
}

const choiceText: Readonly<Record<PlacementChoice, string>> = {
  "only-node": ": no other node can take it",
  score: ": that node has the best score",
  preferred: ": of equally good nodes the one that was asked for",
  "free-capacity": ": of equally good nodes the one with most free capacity",
  "fewer-resources": ": of equally good nodes the one with fewest resources",
  stays: ": of equally good nodes the one where it is",
  name: ": of equally good nodes the first by name",
};

const fencingText: Readonly<Record<FencingOutlook, string>> = {
  "not-needed": "",
  planned: "; it will be fenced",
  disabled: "; it will not be fenced: fencing is off",
  "no-device": "; it cannot be fenced: there is no fence device",
  "no-quorum": "; it cannot be fenced: there is no quorum",
  "nothing-managed": "; it is not fenced: the cluster manages nothing",
  "host-lost": "; it cannot be fenced: its host is lost",
};

function scoreLine({ node, score, parts }: NodeScore, nodes: readonly NodeReason[]): string {
  const obstacles = nodes.find((each) => each.node === node)?.obstacles ?? [];
  const because = [
    ...obstacles.map((obstacle) => `the node is ${obstacle}`),
    ...parts.map((part) => `${scoreText(part.score)} ${part.why}`),
  ];
  return `${node}: ${scoreText(score)}${because.length === 0 ? "" : ` (${because.join("; ")})`}`;
}

function scoreText(score: number): string {
  if (score >= 1_000_000) return "INFINITY";
  return score <= -1_000_000 ? "-INFINITY" : String(score);
}

function downLine(resource: string, cause: DownCause): string {
  return `${downCodes[cause.kind]} ${resource} ${causeText(cause)}`;
}

function causeText(cause: DownCause): string {
  switch (cause.kind) {
    case "removed":
      return "was removed from the configuration";
    case "disabled":
      return "shall be stopped (target-role)";
    case "stop-all-resources":
      return "shall be stopped, as all resources (stop-all-resources)";
    case "maintenance":
      return "is in maintenance and is left alone";
    case "unmanaged":
      return "is not managed and is left alone";
    case "blocked": {
      const named = cause.failures.map(
        (each) => `${each.operation} on ${each.node} (rc ${each.rc})`,
      );
      return `is blocked${named.length === 0 ? "" : ` by ${named.join(", ")}`}`;
    }
    case "no-fence-device":
      return "is not started: fencing is enabled and there is no fence device";
    case "no-quorum":
      return `is not started without quorum (no-quorum-policy=${cause.policy})`;
    case "no-node":
      return "cannot run on any node";
    case "unfenced-nodes":
      return `may run on ${cause.nodes.join(" and ")}, which cannot be fenced`;
    case "waits-for":
      return `waits for ${cause.actions.join(", ")}, which cannot be done`;
    case "surplus-instance":
      return "is one instance more than can run";
    case "other":
      return cause.reason === undefined ? "stays down" : `stays down: ${cause.reason}`;
    default:
      return unreachable(cause);
  }
}
