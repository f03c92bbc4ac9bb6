/**
 * What is known of nodes that are not there (docs/design/cluster.md, "Evidence"). Rows of leases and of witnesses have their
 * place here. A timeout, a lost link, a device that does not answer: none of these is a row, and doubt means no.
 */
import { compareText } from "../../base/compare.ts";
import type { Evidence, EvidenceKind } from "./types.ts";

/** The columns of the table: which question a row answers, and whether it can come from another node. */
export const evidenceRows: Readonly<
  Record<EvidenceKind, { readonly answers: "peer" | "copy" | "both"; readonly isShared: boolean }>
> = {
  left: { answers: "peer", isShared: true },
  "power-off": { answers: "peer", isShared: true },
  "person-off": { answers: "peer", isShared: true },
  silence: { answers: "peer", isShared: false },
  "person-copy": { answers: "copy", isShared: false },
  "up-to-date-at-loss": { answers: "copy", isShared: false },
  "newer-generation": { answers: "copy", isShared: false },
  "peer-outdated": { answers: "both", isShared: false },
};

export class EvidenceTable {
  #rows: readonly Evidence[] = [];

  all(): readonly Evidence[] {
    return this.#rows;
  }

  /** Those that hold for every node, not only for the one that has them. */
  shared(): readonly Evidence[] {
    return this.#rows.filter((row) => evidenceRows[row.kind].isShared);
  }

  /**
   * The latest row of a kind about the same counts; one that is no later changes nothing, not even which row it is, or
   * nodes that tell each other the same would tell it without end. @returns whether it says something new.
   */
  add(row: Evidence): boolean {
    const known = this.#rows.find((each) => isSameMatter(each, row));
    if (known !== undefined && known.since >= row.since) return false;
    this.#rows = [...this.#rows.filter((each) => each !== known), row].sort(byMatter);
    return known === undefined;
  }

  /** @returns what was taken out. */
  remove(isOver: (row: Evidence) => boolean): readonly Evidence[] {
    const removed = this.#rows.filter(isOver);
    if (removed.length > 0) this.#rows = this.#rows.filter((row) => !isOver(row));
    return removed;
  }

  /** Why the node cannot execute guests; silence only where it is asked for. */
  peerAnswer(node: string, options: { readonly silenceCounts: boolean }): Evidence | undefined {
    return this.#rows.find(
      (row) =>
        row.about === node &&
        row.drbdResource === undefined &&
        evidenceRows[row.kind].answers === "peer" &&
        (row.kind !== "silence" || options.silenceCounts),
    );
  }

  /** Why this node's copy has every acknowledged write, given that the peer is off. */
  copyAnswer(node: string, drbdResource: string): Evidence | undefined {
    return this.#rows.find(
      (row) =>
        row.about === node &&
        row.drbdResource === drbdResource &&
        evidenceRows[row.kind].answers === "copy",
    );
  }

  hasOutdated(node: string, drbdResource: string): boolean {
    return this.#rows.some(
      (row) =>
        row.kind === "peer-outdated" && row.about === node && row.drbdResource === drbdResource,
    );
  }
}

function isSameMatter(a: Evidence, b: Evidence): boolean {
  return a.kind === b.kind && a.about === b.about && a.drbdResource === b.drbdResource;
}

function byMatter(a: Evidence, b: Evidence): number {
  return (
    compareText(a.about, b.about) ||
    compareText(a.drbdResource ?? "", b.drbdResource ?? "") ||
    compareText(a.kind, b.kind)
  );
}
