/** A line of `drbdsetup events2`, of DRBD 8.4's and of 9's. Specification section 16.3. */
import { err, ok, type Result } from "../../base/result.ts";

export type Events2Line =
  /** All that there was at the beginning has been told. */
  | { readonly kind: "end-of-exists" }
  /** The reader was too slow: what changed meanwhile is not told. */
  | { readonly kind: "skipped" }
  | {
      readonly kind: "object";
      readonly action: "exists" | "create" | "change" | "destroy" | "rename" | "call" | "response";
      readonly object: "resource" | "connection" | "device" | "peer-device" | "path" | "helper";
      readonly fields: ReadonlyMap<string, string>;
    };

type ObjectLine = Extract<Events2Line, { readonly kind: "object" }>;

const actions = ["exists", "create", "change", "destroy", "rename", "call", "response"] as const;
const objects = ["resource", "connection", "device", "peer-device", "path", "helper"] as const;

/** Lines are shorter; nothing longer is looked at. */
const lineCharactersMax = 65_536;

/** @param line with or without the time that --timestamps puts before it; without its end. */
export function parseEvents2Line(line: string): Result<Events2Line> {
  if (line.length > lineCharactersMax) return err(`a line of ${line.length} characters`);
  const words = line.split(" ").filter((word) => word !== "");
  if (/^\d{4}-\d{2}-\d{2}T/.test(words[0] ?? "")) words.shift();
  const [first, second, ...rest] = words;
  if (first === "exists" && second === "-") return ok({ kind: "end-of-exists" });
  if (first === "-" && second === "skipped") return ok({ kind: "skipped" });
  const action = actions.find((each) => each === first);
  const object = objects.find((each) => each === second);
  if (action === undefined || object === undefined)
    return err(`no event, but ${JSON.stringify(line.slice(0, 80))}`);
  return ok({ kind: "object", action, object, fields: fieldsOf(rest) } satisfies ObjectLine);
}

/** A value may have colons (addresses), a name has none. */
function fieldsOf(words: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    words.map((word) => {
      const colon = word.indexOf(":");
      return colon < 0 ? [word, ""] : [word.slice(0, colon), word.slice(colon + 1)];
    }),
  );
}
