/** Roles of a resource, in ascending order: code compares them. */
export type Role = 0 | 1 | 2 | 3 | 4;

export const role: {
  readonly unknown: 0;
  readonly stopped: 1;
  readonly started: 2;
  readonly unpromoted: 3;
  readonly promoted: 4;
} = { unknown: 0, stopped: 1, started: 2, unpromoted: 3, promoted: 4 };

const names: readonly string[] = ["Unknown", "Stopped", "Started", "Unpromoted", "Promoted"];

const byName: ReadonlyMap<string, Role> = new Map<string, Role>([
  ["stopped", role.stopped],
  ["started", role.started],
  ["unpromoted", role.unpromoted],
  ["slave", role.unpromoted],
  ["promoted", role.promoted],
  ["master", role.promoted],
]);

/** Any case; the names that Pacemaker had before 2.1 too. What is none of them is unknown. */
export function parseRole(text: string | undefined): Role {
  return (text === undefined ? undefined : byName.get(text.toLowerCase())) ?? role.unknown;
}

export function roleName(of: Role): string {
  return names[of] as string;
}
