/** A time on a command line: seconds, a number with a unit, or an ISO 8601 duration. */
import { parseIntervalMs } from "../../formats/cib/interval.ts";

/** In ms; undefined for what is none. */
export function parseDuration(text: string): number | undefined {
  return parseIntervalMs(text);
}
