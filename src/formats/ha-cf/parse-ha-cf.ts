/**
 * Text -> HaCf. A line is a directive and its arguments; blanks and commas part arguments, `#` begins a comment
 * anywhere (Heartbeat 2, config.c). Heartbeat refuses a file with an unknown directive; here it is a warning and
 * kept, so that a slip is named and never acted on.
 */
import { closestWord } from "../config-text/closest-word.ts";
import { type Parsed, parsed } from "../config-text/diagnostic.ts";
import { newReport, type Report } from "../config-text/report.ts";
import { wordLines } from "../config-text/word-lines.ts";
import { type DirectiveRow, directiveTable } from "./directive-table.ts";
import type { HaCf, HaCfDirective } from "./ha-cf.ts";
import { type HaCfDraft, readDirective } from "./read-directive.ts";

export function parseHaCf(text: string, file: string): Parsed<HaCf> {
  const report = newReport();
  const draft: HaCfDraft = { file, directives: [], nodes: [], links: [], unknown: [] };
  const commentAt = (line: string): number => line.indexOf("#");
  for (const [word, ...args] of wordLines(text, { file, word: /[^\s,]+/g, commentAt })) {
    const directive: HaCfDirective = { ...word, args };
    draft.directives.push(directive);
    const row = directiveTable.get(word.value);
    if (row === undefined) onUnknown(directive, draft, report);
    else if (hasArguments(directive, row, report)) {
      if (row.use === "used") readDirective(directive, draft, report);
      else onAccepted(directive, row, report);
    }
  }
  const linkDirectives = ["bcast", "ucast", "mcast", "udp"];
  if (!draft.directives.some((each) => linkDirectives.includes(each.value))) {
    report.error("HF1018", {
      place: { file, line: 1, column: 1 },
      message: "there is no link: expected at least one bcast, ucast or mcast line",
      remedy: "Add for example: bcast eth0",
    });
  }
  return parsed(draft, report.diagnostics);
}

function onUnknown(directive: HaCfDirective, draft: HaCfDraft, report: Report): void {
  const { value, place } = directive;
  const resembles = closestWord(value, [...directiveTable.keys()]);
  draft.unknown.push({ directive, resembles });
  if (resembles === undefined) {
    report.warning("HF1010", {
      place,
      message: `\`${value}\` is no directive of Heartbeat's and has no effect`,
      remedy: "Remove the line, or see docs/formats/ha-cf.md.",
    });
    return;
  }
  const meant = [resembles, ...directive.args.map((arg) => arg.value)].join(" ");
  report.warning("HF1011", {
    place,
    message: `\`${value}\` is no directive and has no effect; the directive is \`${resembles}\``,
    remedy: `If that is what was meant, write: ${meant}`,
  });
}

function hasArguments(directive: HaCfDirective, row: DirectiveRow, report: Report): boolean {
  const [fewest, most] = row.args;
  const { length } = directive.args;
  if (length >= fewest && length <= most) return true;
  const range = fewest === most ? `${fewest}` : `${fewest} to ${most}`;
  const expected = most === Number.POSITIVE_INFINITY ? `${fewest} or more` : range;
  report.error("HF1013", {
    place: directive.place,
    message: `\`${directive.value}\` has ${length} arguments; expected ${expected}`,
    remedy: "Complete the line; docs/formats/ha-cf.md has the form of each directive.",
  });
  return false;
}

function onAccepted(directive: HaCfDirective, row: DirectiveRow, report: Report): void {
  // The one value of autojoin that asks for what is done anyway.
  if (directive.value === "autojoin" && directive.args[0]?.value.toLowerCase() === "none") return;
  report[row.severity ?? "notice"]("HF1012", {
    place: directive.place,
    message: `\`${directive.value}\` is accepted and has no effect here`,
    remedy: row.instead ?? "",
  });
}
