/** What a person should know at once, whatever page they look at, with what they can do about it. */
import type { Instant } from "../../base/time.ts";
import { loadSentence } from "../controller/load-sentence.ts";
import type { NodeParts } from "./node-parts.ts";
import type { Attention } from "./node-status.ts";

export function attentionRows(
  parts: NodeParts,
  at: { readonly now: Instant; readonly twin: string | undefined },
): readonly Attention[] {
  return [
    ...twinRow(at.twin),
    ...fencingRow(parts),
    ...parts.nodes.flatMap((node) => absenceRow(parts, node, at.now)),
    ...pendingRows(parts),
    ...loadRow(parts),
    ...parts.fencer.waitingDisks().map(diskRow),
  ];
}

function twinRow(address: string | undefined): readonly Attention[] {
  if (address === undefined) return [];
  const message = `Another daemon at ${address} uses this node's name.`;
  return [{ code: "HF4421", message, remedy: "Stop one of the two." }];
}

function fencingRow({ nodes, facts }: NodeParts): readonly Attention[] {
  const hasGuests = nodes.some((node) => facts.activeOn(node).length > 0);
  if (facts.isFencingOn() || nodes.length < 2 || !hasGuests) return [];
  const message =
    "Fencing is off: when a node is silent, its guests are started elsewhere, and two guests may run.";
  const remedy =
    "Configure a fence device, then crm_attribute --name stonith-enabled --update true.";
  return [{ code: "HF6114", message, remedy }];
}

function absenceRow(
  { members, fencer, facts }: NodeParts,
  node: string,
  now: Instant,
): readonly Attention[] {
  if (members.has(node) || !members.settled) return [];
  const { kind, isProven, why } = fencer.loss(node, now);
  if (kind === "held") {
    const message = `${node} is silent, but it is not dead: ${why}. What it runs is left alone.`;
    return [{ code: "HF6101", message, remedy: `Look at holdfastd on ${node}.` }];
  }
  if (kind === "gone" && !isProven) {
    const message = `${node} is silent and counts as dead, because fencing is off.`;
    return [{ code: "HF6100", message, remedy: `Make sure that ${node} is off.` }];
  }
  if (kind !== "unclean") return [];
  const trouble = fencer.history().findLast((record) => record.target === node);
  const failed = trouble?.why === undefined ? "" : ` (${trouble.why})`;
  const runs = facts.activeOn(node).join(", ");
  const what = runs === "" ? "" : `; it ran ${runs}`;
  const message = `${node} is not there, and nothing proves that it is off${failed}${what}.`;
  const remedy = `If it is off for certain, say so: stonith_admin --confirm ${node}`;
  return [{ code: "HF6105", message, remedy }];
}

function pendingRows({ controller }: NodeParts): readonly Attention[] {
  return [...controller.memberStates()].flatMap(([node, state]) => {
    if (state !== "pending") return [];
    const message = `${node} is heard but does not join: what it runs is left as it is.`;
    return [{ code: "HF4410", message, remedy: `Look at holdfastd on ${node}.` }];
  });
}

function loadRow({ controller }: NodeParts): readonly Attention[] {
  const engine = controller.dc?.engine;
  const held = engine?.transition?.heldByLoad ?? [];
  if (engine === undefined || held.length === 0) return [];
  const remedy =
    "Wait, or let more go on at a time: crm_attribute --name load-threshold --update 160%";
  return [{ code: "HF4423", message: loadSentence(held, engine.load()), remedy }];
}

function diskRow(drbdResource: string): Attention {
  const message = `${drbdResource} waits: nothing proves yet that it may go on without its peer.`;
  return {
    code: "HF6110",
    message,
    remedy: "Bring the peer back, or give the evidence that it is off.",
  };
}
