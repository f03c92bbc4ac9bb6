/**
 * The names of a volume's exports: `0` is the volume for those who use it, open only while this node is Primary;
 * `standby-0` may be opened on a Secondary, where its I/O fails until the promotion. So prepares a migration's target.
 */
export type ExportName = { readonly volume: number; readonly standby: boolean };

export function exportNames(volume: number): readonly [string, string] {
  return [String(volume), `standby-${volume}`];
}

/** @param emptyMeans the volume that the empty name stands for. */
export function parseExportName(name: string, emptyMeans: number): ExportName | undefined {
  if (name === "") return { volume: emptyMeans, standby: false };
  const match = /^(standby-)?(0|[1-9][0-9]{0,4})$/.exec(name);
  if (match === null) return undefined;
  return { volume: Number(match[2]), standby: match[1] !== undefined };
}
