/** The progress lines of the kernel's /proc/drbd (8.4). Specification section 16.1. */

export type ProcProgress = {
  readonly leftKib: number;
  readonly totalKib: number;
  readonly rateKibPerS: number;
  readonly averageKibPerS: number;
  /** Only where this node is the target. */
  readonly wantedKibPerS?: number;
  readonly stalled: boolean;
};

/** By minor; volumes without a resync or verify under way are left out, and so is what cannot be read. */
export function procProgress(text: string): ReadonlyMap<number, ProcProgress> {
  const found = new Map<number, ProcProgress>();
  let minor: number | undefined;
  let left: { readonly leftKib: number; readonly totalKib: number } | undefined;
  for (const line of text.split("\n")) {
    const device = /^ *([0-9]{1,7}): cs:/.exec(line);
    if (device !== null) {
      minor = Number(device[1]);
      left = undefined;
    }
    const sizes = /\(([0-9]{1,15})\/([0-9]{1,15})\)([KM])/.exec(line);
    if (sizes !== null) {
      const unit = sizes[3] === "M" ? 1024 : 1;
      left = { leftKib: Number(sizes[1]) * unit, totalKib: Number(sizes[2]) * unit };
    }
    const speed = /speed: ([0-9,]{1,20}) \(([0-9,]{1,20})\)(?: want: ([0-9,]{1,20}))? K\/sec/.exec(
      line,
    );
    if (speed === null || minor === undefined || left === undefined) continue;
    const wanted = speed[3];
    found.set(minor, {
      ...left,
      rateKibPerS: ungrouped(speed[1]),
      averageKibPerS: ungrouped(speed[2]),
      ...(wanted === undefined ? {} : { wantedKibPerS: ungrouped(wanted) }),
      stalled: line.includes("(stalled)"),
    });
  }
  return found;
}

function ungrouped(digits = "0"): number {
  return Number(digits.replaceAll(",", ""));
}
