/** Typed values of a section's options: what is set, else the table's default. */
import { assert } from "../../base/assert.ts";
import { closestWord } from "../config-text/closest-word.ts";
import type { Report } from "../config-text/report.ts";
import type { DrbdOption } from "./drbd-conf.ts";
import { parseDrbdNumber } from "./drbd-number.ts";
import { findOption } from "./merge-options.ts";
import { type OptionSection, optionTable } from "./option-table.ts";

export type OptionValues = {
  number(name: string): number;
  flag(name: string): boolean;
  text(name: string): string;
  /** One of the words, of which the first is the default. */
  word<Word extends string>(name: string, words: readonly Word[]): Word;
};

/** Values that make no sense are reported and replaced by the default; a name that the table lacks is our bug. */
export function optionValues(
  section: OptionSection,
  options: readonly DrbdOption[],
  report: Report,
): OptionValues {
  const rows = optionTable[section];
  return {
    number: (name) => {
      const row = rows.get(name);
      assert(row?.kind === "number", `${name} is a number in the table`);
      const option = findOption(options, name);
      if (option === undefined) return row.default;
      const value = parseDrbdNumber(option.value, row.unit);
      if (value !== undefined && value >= row.min && value <= row.max) return value;
      const { place } = option;
      const range = `from ${row.min} to ${row.max}`;
      const message = `\`${name} ${option.value}\`: expected a number ${range}`;
      if (value !== undefined && row.clamped) {
        const nearest = Math.min(row.max, Math.max(row.min, value));
        const remedy = `${nearest} is taken, as DRBD does.`;
        report.notice("HF1052", { place, message, remedy });
        return nearest;
      }
      report.error("HF1052", { place, message, remedy: "Correct the number." });
      return row.default;
    },
    flag: (name) => {
      const row = rows.get(name);
      assert(row?.kind === "flag", `${name} is a flag in the table`);
      const option = findOption(options, name);
      return option === undefined ? row.default : option.value === "yes";
    },
    text: (name) => findOption(options, name)?.value ?? "",
    word: <Word extends string>(name: string, words: readonly Word[]): Word => {
      const [preset] = words;
      assert(preset !== undefined, "there is a default");
      const option = findOption(options, name);
      if (option === undefined) return preset;
      const known = words.find((word) => word === option.value);
      if (known !== undefined) return known;
      const close = closestWord(option.value, words);
      report.error("HF1053", {
        place: option.place,
        message: `\`${name} ${option.value}\`: expected one of ${words.join(", ")}`,
        remedy: `Write: ${name} ${close ?? preset};`,
      });
      return preset;
    },
  };
}
