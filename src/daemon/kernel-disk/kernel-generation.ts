/** What `drbdsetup get-gi` prints: CUR:BM:H1:H2 and seven flags. Specification section 16.2. */
import type { DiskGeneration } from "../../api/disk-status.ts";

export type KernelGeneration = DiskGeneration;

/** Undefined when it is something else. */
export function parseGeneration(line: string): KernelGeneration | undefined {
  const words = line.trim().split(":");
  const [current, bitmap, younger, older, ...flags] = words;
  if (current === undefined || bitmap === undefined) return undefined;
  if (younger === undefined || older === undefined || flags.length < 7) return undefined;
  if (![current, bitmap, younger, older].every((uuid) => /^[0-9A-F]{16}$/.test(uuid)))
    return undefined;
  const flag = (at: number): boolean => flags[at] === "1";
  return {
    current,
    bitmap,
    history: [younger, older],
    flags: {
      consistent: flag(0),
      wasUpToDate: flag(1),
      primary: flag(2),
      connected: flag(3),
      fullSync: flag(4),
      peerOutDated: flag(5),
      crashedPrimary: flag(6),
    },
  };
}
