/** Whether the one date that a rule hangs on has come, or has passed: what `crm_rule --check` tells. */
import {
  attribute,
  child,
  descendants,
  type XmlElement,
} from "../../../formats/xml/xml-element.ts";
import { type DatePlace, datePlace } from "./date-expression.ts";

export type RuleEffect =
  /** `recurs`: it holds at times that come again. */
  | { readonly place: DatePlace; readonly recurs: boolean }
  /** A clause. */
  | { readonly unclear: string; readonly isInvalid: boolean };

/** @param now seconds since 1970. */
export function ruleEffect(rule: XmlElement, now: number): RuleEffect {
  const dates = [...descendants(rule)].filter((each) => each.name === "date_expression");
  const [only, ...others] = dates;
  if (only === undefined) return unclear("it has no date_expression");
  if (others.length > 0) return unclear("it has more than one date_expression");
  const recurs = attribute(only, "operation")?.toLowerCase() === "date_spec";
  const spec = child(only, "date_spec");
  // Hours of every day are never over.
  if (recurs && (spec === undefined || attribute(spec, "years") === undefined))
    return unclear("its date_spec names no years: it comes again and again");
  const place = datePlace(only, now, () => {});
  if (place !== undefined) return { place, recurs };
  return { unclear: "its date_expression is not valid", isInvalid: true };
}

function unclear(clause: string): RuleEffect {
  return { unclear: clause, isInvalid: false };
}
