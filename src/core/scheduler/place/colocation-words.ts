/** What a colocation does to scores, in words: the reason that is kept with each. */
import type { Colocation } from "../model/types.ts";

/** Why the dependent's scores change. Asked when the primary has been placed. */
export function whyColocated({ id, score, primary }: Colocation): string {
  if (id === "#group-members")
    return `it goes with ${primary.id}, before it in the group${where(primary)}`;
  if (id === "#resource-with-container") return `it runs inside ${primary.id}${where(primary)}`;
  const how = score < 0 ? "apart from" : "with";
  return `colocation ${id} ${how} ${primary.id}${where(primary)}`;
}

/** Why the primary's scores change. */
export function whyPreferred({ id, dependent }: Colocation): string {
  if (id === "#group-members") return `what ${dependent.id} prefers, after it in the group`;
  if (id === "#resource-with-container") return `what ${dependent.id} prefers, which runs inside`;
  return `what ${dependent.id} prefers (colocation ${id})`;
}

/** Clones and bundles are on many nodes. */
function where({ variant, unassigned, assigned }: Colocation["primary"]): string {
  if (variant !== "primitive" || unassigned) return "";
  return assigned === undefined ? ", which gets no node" : `, which goes to ${assigned.name}`;
}
