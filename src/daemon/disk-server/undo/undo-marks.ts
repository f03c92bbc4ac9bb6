/**
 * Beside an undo file: the checksums of what stood in its ranges when the resync was over. By them it is known later
 * whether anybody has written there since. And whether the copy that was kept was written in the meantime: then also
 * blocks outside the ranges are not what they were.
 */
import { createHash } from "node:crypto";
import { flag, list, object, parseJson, text } from "../../../formats/json/json-shape.ts";
import { type UndoRange, undoPieces } from "../../../formats/undo/undo-file.ts";
import { hostFiles } from "../../../host/files/files.ts";
import type { Store } from "../../../ports/store.ts";
import { readStore } from "./store-promises.ts";
import { marksPath } from "./undo-directory.ts";

export type UndoMarks = {
  readonly usedMeanwhile: boolean;
  /** One for each piece of the ranges. */
  readonly sha256: readonly string[];
};

const shape = object<UndoMarks>({ usedMeanwhile: flag, sha256: list(text) });

export function digestOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** One for each piece of the ranges, as the disk has them at this moment. */
export async function digestsOf(
  store: Store,
  ranges: readonly UndoRange[],
): Promise<readonly string[]> {
  const digests: string[] = [];
  for (const { offset, length } of undoPieces(ranges)) {
    digests.push(digestOf(await readStore(store, offset, length)));
  }
  return digests;
}

export async function writeMarks(file: string, marks: UndoMarks): Promise<void> {
  await hostFiles().write(marksPath(file), `${JSON.stringify(marks)}\n`);
}

/** Undefined when it is not known: the resync was not waited for. */
export async function readMarks(file: string): Promise<UndoMarks | undefined> {
  const source = await hostFiles().read(marksPath(file));
  if (source === undefined) return undefined;
  const parsed = parseJson(source);
  const marks = parsed.ok ? shape(parsed.value) : parsed;
  return marks.ok ? marks.value : undefined;
}
