/**
 * Who decides: without votes, by what everybody says of itself. (1) Of those who say that they are the DC, the best
 * by generation, term and name; (2) if none does, the best of those who may, by generation, knowledge of the status, and
 * name. All that see the same members and standings choose the same; until they do, whoever sees a better DC yields.
 */
import { compareText } from "../../base/compare.ts";
import { compareGenerations } from "../cib/generation.ts";
import type { DcId, Member, Standing } from "./types.ts";

export type Choice =
  | { readonly kind: "obey"; readonly dc: DcId }
  /** This node is to be the DC, with this term. */
  | { readonly kind: "become-dc"; readonly term: number }
  /** For a better one to say that it is the DC; or, without a name, for the nodes that were not heard yet. */
  | { readonly kind: "wait"; readonly for: string | undefined };

type Spoken = Member & { readonly standing: Standing };

/** @param members this node is among them; `terms` are others that it has seen. */
export function chooseDc(
  self: string,
  members: readonly Member[],
  terms: readonly number[],
): Choice {
  const spoken = members.filter((member): member is Spoken => member.standing !== undefined);
  const [dc] = spoken.filter(isDc).sort(byClaim);
  if (dc !== undefined) {
    return { kind: "obey", dc: { name: dc.name, incarnation: dc.incarnation, term: termOf(dc) } };
  }
  const candidates = spoken.filter((member) => member.standing.settled);
  const [best] = candidates.sort(byMerit);
  if (best === undefined) return { kind: "wait", for: undefined };
  if (best.name !== self) return { kind: "wait", for: best.name };
  const seen = spoken.flatMap(({ standing }) => [
    standing.generation.term,
    standing.obeys?.term ?? 0,
  ]);
  return { kind: "become-dc", term: Math.max(0, ...seen, ...terms) + 1 };
}

export function sameDc(a: DcId | undefined, b: DcId | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.name === b.name && a.incarnation === b.incarnation && a.term === b.term;
}

/** A claim of its predecessor, before a restart, is not its own. */
function isDc({ name, incarnation, standing }: Spoken): boolean {
  const { obeys } = standing;
  return obeys !== undefined && obeys.name === name && obeys.incarnation === incarnation;
}

function termOf({ standing }: Spoken): number {
  return standing.obeys?.term ?? 0;
}

function byClaim(a: Spoken, b: Spoken): number {
  return (
    compareGenerations(b.standing.generation, a.standing.generation) ||
    termOf(b) - termOf(a) ||
    compareText(a.name, b.name)
  );
}

function byMerit(a: Spoken, b: Spoken): number {
  return (
    compareGenerations(b.standing.generation, a.standing.generation) ||
    Number(b.standing.seasoned) - Number(a.standing.seasoned) ||
    compareText(a.name, b.name)
  );
}
