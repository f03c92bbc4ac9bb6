/**
 * A domain file of xm and xl as it is written: assignments of strings, numbers and lists. xm executed such files as
 * Python; here they are read, never executed, as xl does.
 */
import type { Place } from "../config-text/place.ts";

export type XlConfig = {
  readonly file: string;
  /** In the order of the file. Of several for one key the last counts; `+=` adds to what was before. */
  readonly assignments: readonly XlAssignment[];
};

export type XlAssignment = {
  readonly key: string;
  readonly operator: "=" | "+=";
  readonly value: XlValue;
  readonly place: Place;
};

export type XlValue =
  | { readonly kind: "string"; readonly value: string; readonly place: Place }
  | { readonly kind: "number"; readonly value: number; readonly place: Place }
  | { readonly kind: "list"; readonly items: readonly XlValue[]; readonly place: Place };
