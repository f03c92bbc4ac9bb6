/** The options of one section, after its opening brace. Ranges are checked where drbdadm checks them. */
import { closestWord } from "../config-text/closest-word.ts";
import type { DrbdOption } from "./drbd-conf.ts";
import { parseDrbdNumber } from "./drbd-number.ts";
import { drbd9Handlers, drbd9Options, drbd9OptionsObeyed } from "./drbd9-words.ts";
import {
  forgottenOptions,
  negatedOptions,
  type OptionSection,
  optionTable,
  renamedOptions,
  syncerOptions,
} from "./option-table.ts";
import type { DrbdToken } from "./scan-drbd-conf.ts";
import { expectSign, isKeyword, isSign, type TokenReader } from "./token-reader.ts";

/** Where the options go. In `net`, DRBD 9's `fencing` belongs to `disk`. */
export type OptionSink = (section: OptionSection, option: DrbdOption) => void;

/** Reads until the closing brace. `special` reads a statement that is no option, after its first word. */
export function readOptions(
  reader: TokenReader,
  section: OptionSection,
  sink: OptionSink,
  special: (token: DrbdToken) => boolean = () => false,
): void {
  for (let token = reader.next(); !isSign(token, "}"); token = reader.next()) {
    if (reader.failed()) return;
    if (special(token)) continue;
    readOption(reader, section, token, sink);
    expectSign(reader, ";");
  }
}

/** 8.0's section: its options are spread over the sections that 8.4 has. */
export function readSyncer(reader: TokenReader, sink: OptionSink): void {
  for (let token = reader.next(); !isSign(token, "}"); token = reader.next()) {
    if (reader.failed()) return;
    const section = token.kind === "keyword" ? syncerOptions.get(token.text) : undefined;
    if (section !== undefined) readOption(reader, section, token, sink);
    else if (token.kind === "keyword" && forgottenOptions.has(token.text)) forget(reader, token);
    else failAtOption(reader, token, [...syncerOptions.keys()], "an option of `syncer`");
    expectSign(reader, ";");
  }
}

function readOption(
  reader: TokenReader,
  section: OptionSection,
  token: DrbdToken,
  sink: OptionSink,
): void {
  const { text, place } = token;
  if (token.kind === "string" && (drbd9Options.has(text) || drbd9Handlers.has(text))) {
    skipDrbd9Option(reader, token);
    return;
  }
  if (token.kind === "keyword" && negatedOptions.get(text) === section) {
    sink(section, { name: text.slice("no-".length), value: "no", place });
    return;
  }
  if (token.kind === "keyword" && forgottenOptions.has(text)) {
    forget(reader, token);
    return;
  }
  // DRBD 9 moved fencing to `net`. Safety: it is obeyed there too, since ignoring it could cost data.
  const moved = section === "net" && isKeyword(token, "fencing");
  const home: OptionSection = moved ? "disk" : section;
  const name = (token.kind === "keyword" && renamedOptions[home]?.get(text)) || text;
  const isOption = token.kind === "keyword" || drbd9OptionsObeyed.has(text);
  const row = isOption ? optionTable[home].get(name) : undefined;
  if (row === undefined) {
    failAtOption(reader, token, [...optionTable[section].keys()], `an option of \`${section}\``);
    return;
  }
  if (row.kind === "flag") {
    sink(home, { name, value: readFlag(reader), place });
    return;
  }
  const value = expectValue(reader);
  if (reader.failed()) return;
  const option = {
    name,
    value: name === "protocol" ? value.text.toUpperCase() : value.text,
    place,
  };
  checkValue(reader, option, home, value);
  sink(home, option);
}

function readFlag(reader: TokenReader): "yes" | "no" {
  const token = reader.peek();
  if (!isKeyword(token, "yes") && !isKeyword(token, "no")) return "yes";
  reader.next();
  return token.text === "no" ? "no" : "yes";
}

/** A value is any word that is no keyword, a number, or the word `on`. */
function expectValue(reader: TokenReader): DrbdToken {
  const token = reader.next();
  if (token.kind === "string" || token.kind === "number" || isKeyword(token, "on")) return token;
  const remedy = token.kind === "keyword" ? `Put it in quotes: "${token.text}"` : undefined;
  reader.fail(token, "a value", remedy);
  return token;
}

function checkValue(
  reader: TokenReader,
  option: DrbdOption,
  section: OptionSection,
  value: DrbdToken,
): void {
  const row = optionTable[section].get(option.name);
  if (row?.kind === "word" && option.name === "protocol" && !row.words.includes(option.value)) {
    reader.report.error("HF1053", {
      place: value.place,
      message: `\`protocol ${option.value}\`: expected A, B or C`,
      remedy: "Write: protocol C",
    });
  }
  if (row?.kind !== "number" || !row.checked) return;
  const number = parseDrbdNumber(option.value, row.unit);
  if (number !== undefined && number >= row.min && number <= row.max) return;
  const unit = { "1": "", k: " KiB", s: " sectors" }[row.unit];
  reader.report.error("HF1052", {
    place: value.place,
    message: `\`${option.name} ${option.value}\`: expected a number from ${row.min} to ${row.max}${unit}`,
    remedy: "Correct the number; K, M and G after it mean bytes times 1024, 1024² and 1024³.",
  });
}

function failAtOption(
  reader: TokenReader,
  token: DrbdToken,
  names: readonly string[],
  what: string,
): void {
  const sections = Object.entries(optionTable).filter(([, rows]) => rows.has(token.text));
  const [home] = sections.map(([name]) => name);
  const close = closestWord(token.text, names);
  const remedy =
    home !== undefined
      ? `It belongs into ${home} { }.`
      : close === undefined
        ? undefined
        : `Was \`${close}\` meant?`;
  reader.fail(token, what, remedy);
}

function forget(reader: TokenReader, token: DrbdToken): void {
  expectValue(reader);
  reader.report.notice("HF1062", {
    place: token.place,
    message: `\`${token.text}\` is read and has no effect, as in DRBD 8.4`,
    remedy: "Remove the line.",
  });
}

function skipDrbd9Option(reader: TokenReader, token: DrbdToken): void {
  while (!isSign(reader.peek(), ";") && reader.peek().kind !== "end" && !isSign(reader.peek(), "}"))
    reader.next();
  reader.report.warning("HF1064", {
    place: token.place,
    message: `\`${token.text}\` is an option of DRBD 9 and has no effect`,
    remedy: "Remove it, or keep it for DRBD 9.",
  });
}
