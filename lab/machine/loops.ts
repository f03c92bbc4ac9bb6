/** The machine's loop devices that are in use. */
import { mustRun } from "./command.ts";

export type LoopDevice = {
  readonly device: string;
  readonly backingFile: string;
  /** major:minor of the file system that holds the backing file; empty when that file system is dead. */
  readonly backingDevice: string;
  readonly backingInode: string;
};

export async function listLoops(): Promise<readonly LoopDevice[]> {
  const columns = "NAME,BACK-FILE,BACK-MAJ:MIN,BACK-INO";
  const text = await mustRun(["losetup", "--list", "--json", "-O", columns]);
  return text.trim() === "" ? [] : parseLoops(text);
}

export function parseLoops(json: string): readonly LoopDevice[] {
  const { loopdevices } = JSON.parse(json) as {
    readonly loopdevices: readonly Readonly<Record<string, string | number | null>>[];
  };
  const text = (value: string | number | null | undefined): string =>
    value === null || value === undefined ? "" : String(value).trim();
  return loopdevices.map((row) => ({
    device: text(row["name"]),
    backingFile: text(row["back-file"]),
    backingDevice: text(row["back-maj:min"]),
    backingInode: text(row["back-ino"]),
  }));
}
