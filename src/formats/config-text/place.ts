/**
 * Where something stands in a text file that people write. Lines and columns count from 1; a column counts
 * UTF-16 code units, so that an editor's "go to" lands there.
 */
export type Place = { readonly file: string; readonly line: number; readonly column: number };

/** A value together with the place it was written at. */
export type Placed<T> = { readonly value: T; readonly place: Place };

/** `FILE:LINE:COLUMN`, as compilers print it and editors understand it. */
export function printPlace(place: Place): string {
  return `${place.file}:${place.line}:${place.column}`;
}
