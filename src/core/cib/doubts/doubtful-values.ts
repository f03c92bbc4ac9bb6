/**
 * What the schema takes, as Pacemaker's does, and nothing can be done with: dates, times and numbers that are none, rules
 * that stand inside themselves, expressions that are not understood. The cluster goes on as if it were not there.
 */
import { wallTime } from "../../../base/time.ts";
import { parseIntervalMs, parseTimeoutMs } from "../../../formats/cib/interval.ts";
import { parseWallTime } from "../../../formats/cib/iso8601-date.ts";
import { parseXPath } from "../../../formats/cib/xpath/parse-xpath.ts";
import { attribute, type XmlElement } from "../../../formats/xml/xml-element.ts";
import { isValidOption } from "../read/cluster-options.ts";
import type { SchemaFinding } from "../schema/finding.ts";
import { sectionOf } from "../sections.ts";
import { type Doubts, doubt, doubtsMax } from "./doubts.ts";
import { meaningOf, metaType } from "./meta-types.ts";
import { rulesInCircles } from "./rule-circles.ts";

export function doubtfulValues(cib: XmlElement): readonly SchemaFinding[] {
  const doubts: SchemaFinding[] = [];
  const configuration = sectionOf(cib, "configuration");
  if (configuration === undefined) return doubts;
  for (const rule of rulesInCircles(configuration)) {
    doubt(doubts, rule, "leads to itself by id-ref: it never holds");
  }
  visit(doubts, configuration);
  return doubts.slice(0, doubtsMax);
}

function visit(doubts: Doubts, of: XmlElement): void {
  if (doubts.length >= doubtsMax) return;
  checkItself(doubts, of);
  for (const child of of.children) visit(doubts, child);
}

function checkItself(doubts: Doubts, of: XmlElement): void {
  switch (of.name) {
    case "op":
      checkTimes(doubts, of, ["interval"], parseIntervalMs);
      checkTimes(doubts, of, ["timeout", "start-delay"], parseTimeoutMs);
      checkDates(doubts, of, ["interval-origin"]);
      return;
    case "date_expression":
      checkDates(doubts, of, ["start", "end"]);
      return;
    case "duration":
      checkParts(doubts, of, { shape: /^[+-]?\d+$/, what: "a whole number" });
      return;
    case "date_spec":
      checkParts(doubts, of, {
        shape: /^(\d+|\d+-\d*|-\d+)$/,
        what: "a number, or a range such as 9-16",
      });
      return;
    case "meta_attributes":
      for (const pair of of.children) checkMeta(doubts, pair);
      return;
    case "utilization":
      for (const pair of of.children) checkAmount(doubts, pair);
      return;
    case "acl_permission":
      checkXPath(doubts, of);
      return;
    default:
  }
}

function checkTimes(
  doubts: Doubts,
  of: XmlElement,
  names: readonly string[],
  parse: (text: string) => number | undefined,
): void {
  for (const name of names) {
    const value = attribute(of, name);
    if (value === undefined || parse(value) !== undefined) continue;
    doubt(doubts, of, `${name} "${value}" is no time, such as 30s: the default counts`);
  }
}

function checkDates(doubts: Doubts, of: XmlElement, names: readonly string[]): void {
  for (const name of names) {
    const value = attribute(of, name);
    // Times without a date are those of the day on which they are asked for.
    if (value === undefined || parseWallTime(value, wallTime(0)) !== undefined) continue;
    doubt(doubts, of, `${name} "${value}" is no date, such as 2026-11-23 08:00:00Z`);
  }
}

function checkParts(
  doubts: Doubts,
  of: XmlElement,
  { shape, what }: { readonly shape: RegExp; readonly what: string },
): void {
  for (const [name, value] of Object.entries(of.attributes)) {
    if (name === "id" || shape.test(value.trim())) continue;
    doubt(doubts, of, `${name} "${value}" is not ${what}`);
  }
}

function checkMeta(doubts: Doubts, pair: XmlElement): void {
  const [name, value] = [attribute(pair, "name"), attribute(pair, "value")];
  if (name === undefined || value === undefined || value.toLowerCase() === "#default") return;
  const type = metaType(name);
  if (type === undefined || isValidOption(type, value)) return;
  doubt(doubts, pair, `${name} "${value}" is not ${meaningOf(type)}: the default counts`);
}

function checkAmount(doubts: Doubts, pair: XmlElement): void {
  const value = attribute(pair, "value");
  if (value === undefined || /^\s*[+-]?\d+\s*$/.test(value)) return;
  doubt(doubts, pair, `${attribute(pair, "name")} "${value}" is no amount: a whole number`);
}

function checkXPath(doubts: Doubts, permission: XmlElement): void {
  const xpath = attribute(permission, "xpath");
  if (xpath === undefined) return;
  const parsed = parseXPath(xpath);
  if (parsed.ok) return;
  const effect =
    attribute(permission, "kind") === "deny" ? "everything is denied" : "it permits nothing";
  const { column, message } = parsed.error;
  doubt(doubts, permission, `xpath "${xpath}", column ${column}: ${message}; ${effect}`);
}
