/** How an execution ended, as Pacemaker's tools word op-status. */
const texts: ReadonlyMap<number, string> = new Map([
  [-1, "pending"],
  [0, "complete"],
  [1, "Cancelled"],
  [2, "Timed Out"],
  [3, "NOT SUPPORTED"],
  [4, "Error"],
  [5, "Hard error"],
  [6, "Fatal error"],
  [7, "Not installed"],
  [8, "Internal communication failure"],
  [9, "Cannot execute now"],
  [10, "No fence device"],
  [11, "CIB secrets unavailable"],
]);

export function executionText(opStatus: number): string {
  return texts.get(opStatus) ?? "UNKNOWN!";
}
