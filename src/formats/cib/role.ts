/** Roles of a resource, with the names that older clusters gave them. */

export type Role = "Stopped" | "Started" | "Unpromoted" | "Promoted";

const roles: Readonly<Record<string, Role>> = {
  stopped: "Stopped",
  started: "Started",
  unpromoted: "Unpromoted",
  slave: "Unpromoted",
  promoted: "Promoted",
  master: "Promoted",
};

/** In any case, Master and Slave included. */
export function parseRole(text: string): Role | undefined {
  const word = text.toLowerCase();
  return Object.hasOwn(roles, word) ? roles[word] : undefined;
}
