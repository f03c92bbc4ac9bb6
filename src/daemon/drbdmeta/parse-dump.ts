/** dump-md's text, read back. Grammar: specification section 17; `#` begins a comment. */
import type { Result } from "../../base/result.ts";
import type {
  BitmapRun,
  RestoredContent,
} from "../../core/replication/offline/restore-metadata.ts";
import { type DumpReader, dumpReader } from "./dump-reader.ts";

export type MetadataDump = RestoredContent & {
  readonly alStripes: number;
  readonly alStripeSize4k: number;
};

const unsigned32Max = 0xffff_ffff;
const sectorsMax = 2 ** 51;
/** The bitmap of so many sectors. */
const wordsMax = 2 ** 42;

export function parseDump(source: string): Result<MetadataDump> {
  const reader = dumpReader(source);
  reader.word("version");
  const version = reader.text(/^"[^"]*"$/, "a version in quotes");
  if (!reader.failed && version !== '"v08"') reader.fail(`the dump is of ${version}, not "v08"`);
  reader.word(";");
  if (reader.peek()?.startsWith("This_is_an_unclean") === true) {
    reader.fail("the metadata were unclean: their bitmap was not the whole truth");
  }
  reader.word("uuid");
  reader.word("{");
  const uuids = {
    current: reader.hex(),
    bitmap: reader.hex(),
    history1: reader.hex(),
    history2: reader.hex(),
  };
  reader.word("flags");
  const flags = Number(reader.hex() & BigInt(unsigned32Max));
  reader.word("}");
  const laSizeSectors = numberOf(reader, "la-size-sect", sectorsMax);
  if (numberOf(reader, "bm-byte-per-bit", unsigned32Max) !== 4096) {
    reader.fail("a bit of the bitmap has to stand for 4096 bytes");
  }
  reader.word("device-uuid");
  const deviceUuid = reader.hex();
  const laPeerMaxBioBytes = numberOf(reader, "la-peer-max-bio-size", unsigned32Max);
  const alStripes = numberOf(reader, "al-stripes", 0xffff);
  const alStripeSize4k = numberOf(reader, "al-stripe-size-4k", 0xffff);
  const bitmap = bitmapOf(reader);
  if (reader.peek() !== undefined) reader.fail("the end of the dump is followed by something");
  const al = { alStripes, alStripeSize4k };
  const content = { uuids, flags, laSizeSectors, deviceUuid, laPeerMaxBioBytes, bitmap };
  return reader.result({ ...content, ...al });
}

function numberOf(reader: DumpReader, name: string, max: number): number {
  reader.word(name);
  return reader.number(max);
}

/** `[N times] 0x…;` */
function bitmapOf(reader: DumpReader): readonly BitmapRun[] {
  const runs: BitmapRun[] = [];
  let total = 0;
  reader.word("bm");
  reader.word("{");
  while (!reader.failed && reader.peek() !== undefined && reader.peek() !== "}") {
    let words = 1;
    if (/^\d+$/.test(reader.peek() ?? "")) {
      words = Number(reader.text(/^\d{1,13}$/, "a number"));
      reader.word("times");
    }
    total += words;
    if (total > wordsMax) reader.fail("the bitmap is longer than any");
    runs.push({ words, value: reader.hex() });
  }
  reader.word("}");
  return runs;
}
