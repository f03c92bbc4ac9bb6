/** Fencing in words: what happens when a node falls silent, and what happened. */
import type { EvidenceRow } from "../../../api/cluster-live.ts";
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

export function fencingProblems({ live }: ClusterSnapshot): readonly Problem[] {
  const open = new Map<string, Problem>();
  // The last word on each node counts.
  for (const row of live?.fencing.history ?? []) {
    const { target, state, action } = row;
    const why = row.why === undefined ? "" : `: ${row.why}`;
    open.delete(target);
    if (state === "failed" || state === "refused") {
      open.set(target, {
        severity: "trouble",
        text: `${target} could not be switched ${action === "on" ? "on" : "off"}${why}`,
        remedy: `Look at it. If it is without power: holdfast node confirm-off ${target} --i-have-looked`,
      });
    } else if (state !== "done") {
      const text = `${target} is being switched ${action === "on" ? "on" : "off"}${why}`;
      open.set(target, { severity: "working", text, remedy: "" });
    }
  }
  return [...open.values()];
}

const evidenceWords: Readonly<Record<string, (node: string) => string>> = {
  left: (node) => `${node} said that it leaves`,
  rebooted: (node) => `${node} was started again: what it ran is gone`,
  "power-off": (node) => `${node} is without power: the fence device has read it back`,
  "person-off": (node) => `${node} is off, by a person's word`,
  silence: (node) => `${node} is silent, and counts as dead`,
  "person-copy": (node) => `what only ${node} has may be lost, by a person's word`,
  "up-to-date-at-loss": (node) => `the copy here was whole when ${node} was lost`,
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
