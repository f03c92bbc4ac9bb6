/** Fencing in words: what happens when a node falls silent, and what happened. */
import type { EvidenceRow, FencingRow } from "../../../api/cluster-live.ts";
import type { ClusterSnapshot } from "../../../api/cluster-snapshot.ts";
import type { TimeTexts } from "../time-texts.ts";
import type { Problem } from "./problem.ts";
import type { Cell } from "./table-lines.ts";

/** One cell: what holds now. */
export function fencingState({ summary, live }: ClusterSnapshot): Cell {
  const { fencingEnabled, fencingAction } = summary.options;
  if (!fencingEnabled) {
    return { text: "off: silence counts as death; two guests may run [HF4121]", tone: "warn" };
  }
  const devices = live?.fencing.devices ?? [];
  const count = live === undefined ? summary.options.fencingDevices : devices.length;
  if (count === 0) {
    const text =
      "on, but there is no device: a silent node's guests wait for a person's word that it is off";
    return { text, tone: "warn" };
  }
  const names = devices.length === 0 ? `${count} devices` : devices.join(", ");
  return {
    text: `on: a silent node is switched off first (${fencingAction}, by ${names})`,
    tone: "good",
  };
}

/** The last word on each node counts, as long as nothing else tells that it is off, or it is back. */
export function fencingProblems({ live, status }: ClusterSnapshot): readonly Problem[] {
  const settled = new Set([
    ...status.nodes.filter(({ online, unclean }) => online && !unclean).map(({ name }) => name),
    ...(live?.fencing.evidence ?? [])
      .filter(({ kind }) => proofs.includes(kind))
      .map(({ about }) => about),
  ]);
  const last = new Map((live?.fencing.history ?? []).map((row) => [row.target, row]));
  return [...last.values()]
    .filter(({ target, state }) => state !== "done" && !settled.has(target))
    .map(fencingProblem);
}

/** Kinds of evidence after which it does not matter that a device failed. */
const proofs: readonly string[] = ["left", "rebooted", "power-off", "person-off"];

function fencingProblem({ target, action, state, why }: FencingRow): Problem {
  const reason = why === undefined ? "" : `: ${why}`;
  const way = action === "on" ? "on" : "off";
  if (state === "failed" || state === "refused") {
    return {
      severity: "trouble",
      text: `${target} could not be switched ${way}${reason}`,
      remedy: confirmRemedy(target),
    };
  }
  return { severity: "working", text: `${target} is being switched ${way}${reason}`, remedy: "" };
}

export function confirmRemedy(node: string): string {
  return `Look at it. If it is without power: holdfast node confirm-off ${node} --i-have-looked`;
}

const evidenceWords: Readonly<Record<string, (node: string) => string>> = {
  left: (node) => `${node} said that it leaves`,
  rebooted: (node) => `${node} was started again: what it ran is gone`,
  "power-off": (node) => `${node} is without power: the fence device has read it back`,
  "person-off": (node) => `${node} is off, by a person's word`,
  silence: (node) => `${node} is silent, and counts as dead`,
  "person-copy": (node) => `what only ${node} has may be lost, by a person's word`,
  "up-to-date-at-loss": (node) => `the copy here was whole when ${node} was lost`,
  "newer-generation": (node) => `the copy here has gone on without ${node} since they met`,
  "peer-outdated": (node) => `${node} has marked its own copy as outdated`,
};

/** What is known of nodes that are not there: a line each, those about disks together. */
export function evidenceLines(rows: readonly EvidenceRow[], times: TimeTexts): readonly string[] {
  const lines = new Map<string, string>();
  for (const { kind, about, by, sinceMs, drbdResource } of rows) {
    const words = Object.hasOwn(evidenceWords, kind) ? evidenceWords[kind] : undefined;
    const person = by === undefined ? "" : ` (${by})`;
    const key = `${words?.(about) ?? `${about}: ${kind}`}${person}`;
    const known = lines.get(key);
    if (known === undefined) {
      const disks = drbdResource === undefined ? "" : `: ${drbdResource}`;
      lines.set(key, `${times.short(sinceMs)}  ${key}${disks}`);
    } else if (drbdResource !== undefined) lines.set(key, `${known}, ${drbdResource}`);
  }
  return [...lines.values()];
}
