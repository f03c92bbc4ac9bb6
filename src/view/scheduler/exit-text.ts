/** Exit codes of resource agents in words, as Pacemaker's commands print them. */
const texts: ReadonlyMap<number, string> = new Map([
  [0, "OK"],
  [1, "Error occurred"],
  [2, "Invalid parameter"],
  [3, "Unimplemented"],
  [4, "Insufficient privileges"],
  [5, "Not installed"],
  [6, "Not configured"],
  [7, "Not running"],
  [8, "Promoted"],
  [9, "Failed in promoted role"],
  [190, "Service is active but might fail soon"],
  [191, "Service is promoted but might fail soon"],
  [193, "No exit status available"],
]);

export function exitText(code: number): string {
  const known = texts.get(code);
  if (known !== undefined) return known;
  return code > 128 && code < 255 ? "Interrupted by signal" : "Unknown exit status";
}
