/** XlConfig -> text: one assignment a line, in xl's grammar. Comments are not kept. */
import type { XlConfig, XlValue } from "./xl-config.ts";
import { quoteXlString } from "./xl-string.ts";

export function printXlConfig(config: Pick<XlConfig, "assignments">): string {
  return config.assignments
    .map(({ key, operator, value }) => `${key} ${operator} ${printValue(value)}\n`)
    .join("");
}

function printValue(value: XlValue): string {
  switch (value.kind) {
    case "string":
      return quoteXlString(value.value);
    case "number":
      return String(value.value);
    case "list":
      return value.items.length === 0 ? "[]" : `[ ${value.items.map(printValue).join(", ")} ]`;
  }
}
