/** Roles of a resource, in ascending order: code compares them. */
import { parseRole as parseName } from "../../../formats/cib/role.ts";

export type Role = 0 | 1 | 2 | 3 | 4;

export const role: {
  readonly unknown: 0;
  readonly stopped: 1;
  readonly started: 2;
  readonly unpromoted: 3;
  readonly promoted: 4;
} = { unknown: 0, stopped: 1, started: 2, unpromoted: 3, promoted: 4 };

const names: readonly string[] = ["Unknown", "Stopped", "Started", "Unpromoted", "Promoted"];

/** Any case; the names that Pacemaker had before 2.1 too. What is none of them is unknown. */
export function parseRole(text: string | undefined): Role {
  const name = text === undefined ? undefined : parseName(text);
  return name === undefined ? role.unknown : (names.indexOf(name) as Role);
}

export function roleName(of: Role): string {
  return names[of] as string;
}
