/**
 * What is kept of transitions, as files under transitions/, so that it can be asked and tried again later what was done
 * and why: the scheduler's input (a plain CIB that crm_simulate reads, with the time it was decided at), what came of the
 * transition, and the last input after it for which there was nothing to do. The oldest go when there are too many.
 */
import { printXml } from "../../formats/xml/print-xml.ts";
import { withAttributes } from "../../formats/xml/xml-element.ts";
import type { KeepInput, KeepOutcome } from "../controller/world.ts";
import type { RemoveFile, WriteFile } from "./effects.ts";
import type { KeptFile, NodeLimits } from "./node-options.ts";

const folder = "transitions";

type Limits = Pick<NodeLimits, "inputsKept" | "inputBytesKept">;

export class KeptTransitions {
  readonly #limits: Limits;
  /** Sizes of the files, by number and name. */
  readonly #kept = new Map<number, Map<string, number>>();

  /** @param files what is there already, in that folder. */
  constructor(files: readonly KeptFile[], limits: Limits) {
    this.#limits = limits;
    for (const { name, bytes } of files) {
      const number = /^(?:input|idle|outcome)-(\d{1,9})\.(?:xml|json)$/.exec(name)?.[1];
      if (number !== undefined) this.#note(Number(number), name, bytes);
    }
  }

  /** The highest number; 0 for none. */
  get last(): number {
    return Math.max(0, ...this.#kept.keys());
  }

  keepInput(input: KeepInput, token: number): readonly (WriteFile | RemoveFile)[] {
    const { number, isIdle, cib, nowS, reason } = input;
    // Two dashes end an XML comment.
    const comment = `<!-- transition ${number}: ${reason.replace(/--+/g, "-")} -->`;
    const dated = withAttributes(cib, { "execution-date": String(nowS) });
    const name = `${isIdle ? "idle" : "input"}-${number}.xml`;
    return this.#keep(number, { name, text: `${comment}\n${printXml(dated)}` }, token);
  }

  keepOutcome({ outcome }: KeepOutcome, token: number): readonly (WriteFile | RemoveFile)[] {
    const name = `outcome-${outcome.number}.json`;
    return this.#keep(outcome.number, { name, text: `${JSON.stringify(outcome)}\n` }, token);
  }

  #keep(
    number: number,
    { name, text }: { readonly name: string; readonly text: string },
    token: number,
  ): readonly (WriteFile | RemoveFile)[] {
    this.#note(number, name, text.length);
    const write = { kind: "write-file", token, path: `${folder}/${name}`, text } as const;
    return [write, ...this.#removeOldest(number)];
  }

  #note(number: number, name: string, bytes: number): void {
    const files = this.#kept.get(number) ?? new Map<string, number>();
    this.#kept.set(number, files.set(name, bytes));
  }

  /** The newest stays, however large it is. */
  #removeOldest(newest: number): readonly RemoveFile[] {
    const removed: RemoveFile[] = [];
    const oldestFirst = [...this.#kept.keys()].sort((a, b) => a - b);
    let bytes = 0;
    for (const files of this.#kept.values()) bytes += sum(files);
    for (const number of oldestFirst) {
      const isRoom =
        this.#kept.size <= this.#limits.inputsKept && bytes <= this.#limits.inputBytesKept;
      if (isRoom || number === newest) break;
      const files = this.#kept.get(number) ?? new Map<string, number>();
      this.#kept.delete(number);
      bytes -= sum(files);
      for (const name of files.keys()) {
        removed.push({ kind: "remove-file", path: `${folder}/${name}` });
      }
    }
    return removed;
  }
}

function sum(sizes: ReadonlyMap<string, number>): number {
  let bytes = 0;
  for (const size of sizes.values()) bytes += size;
  return bytes;
}
