/**
 * Text -> DrbdConf, over all included files. Reading stops at the first thing that is not grammar, as drbdadm does;
 * numbers out of range, missing statements and collisions are collected. Where drbdadm 8.4 is careless it is not
 * followed: a file that ends inside a section, a volume given twice, and numbers of ports, minors and volumes with a
 * suffix or beyond DRBD's limits are refused. 8.3's forgotten options are taken in `syncer` too.
 */
import { type Parsed, parsed } from "../config-text/diagnostic.ts";
import type { Place } from "../config-text/place.ts";
import { newReport } from "../config-text/report.ts";
import { newClaims } from "./claims.ts";
import type {
  DrbdConf,
  DrbdEngineRule,
  DrbdGlobal,
  DrbdResourceSection,
  DrbdSections,
} from "./drbd-conf.ts";
import { isDrbd9FileStatement } from "./drbd9-words.ts";
import type { ParseContext } from "./parse-context.ts";
import { ownSection, parseEngines } from "./parse-engines.ts";
import { parseGlobal } from "./parse-global.ts";
import { parseResourceBody } from "./parse-resource.ts";
import { type DrbdToken, scanDrbdConf } from "./scan-drbd-conf.ts";
import { skipBraces, skipDrbd9Statement } from "./skip-section.ts";
import {
  expectSign,
  expectString,
  isKeyword,
  isSign,
  newTokenReader,
  type TokenReader,
} from "./token-reader.ts";

export type IncludedFile = {
  /** The file's real path: a file is read once, however often it is included. */
  readonly file: string;
  /** Its text; undefined when it could not be read. */
  readonly text: string | undefined;
};

/**
 * The files of an `include`, in the order of their names: what the pattern matches, relative to the directory of the
 * including file. None when there is no match.
 */
export type IncludeFiles = (pattern: string, includingFile: string) => readonly IncludedFile[];

/** More files than this are a mistake of a pattern. */
const filesMax = 10_000;

/** @param options.file what the file is called in messages, and what a file is included relative to. */
export function parseDrbdConf(
  text: string,
  options: { readonly file: string; readonly include: IncludeFiles },
): Parsed<DrbdConf> {
  const report = newReport();
  const state: ParseState = {
    context: { report, claims: newClaims(report) },
    include: options.include,
    seen: new Set([options.file]),
    global: undefined,
    common: undefined,
    resources: [],
    engines: [],
  };
  parseFile(text, options.file, state);
  const { global, common, resources, engines } = state;
  return parsed({ file: options.file, global, common, resources, engines }, report.diagnostics);
}

type ParseState = {
  readonly context: ParseContext;
  readonly include: IncludeFiles;
  readonly seen: Set<string>;
  global: DrbdGlobal | undefined;
  common: DrbdSections | undefined;
  readonly resources: DrbdResourceSection[];
  readonly engines: DrbdEngineRule[];
};

/** False when the file was refused. */
function parseFile(text: string, file: string, state: ParseState): boolean {
  const reader = newTokenReader(scanDrbdConf(text, file), state.context.report);
  for (let token = reader.next(); token.kind !== "end"; token = reader.next()) {
    if (isKeyword(token, "global")) onGlobal(reader, token, state);
    else if (isKeyword(token, "common")) onCommon(reader, state);
    else if (isKeyword(token, "resource")) onResource(reader, state);
    else if (isKeyword(token, "skip")) onSkip(reader, state);
    else if (isKeyword(token, "include")) onInclude(reader, token, file, state);
    else if (token.kind === "string" && isDrbd9FileStatement(token.text)) {
      skipDrbd9Statement(reader, token);
    } else reader.fail(token, "global, common, resource, skip or include");
  }
  return !reader.failed();
}

function onGlobal(reader: TokenReader, token: DrbdToken, state: ParseState): void {
  state.context.claims.claim("section", "global", token.place);
  if (state.resources.length > 0) {
    state.context.report.notice("HF1063", {
      place: token.place,
      message: "`global` stands after a resource; it holds all the same",
      remedy: "Put it at the top of the file.",
    });
  }
  state.global = parseGlobal(reader, token.place);
}

function onCommon(reader: TokenReader, state: ParseState): void {
  const { place } = reader.peek();
  expectSign(reader, "{");
  state.context.claims.claim("section", "common", place);
  const { sections, hosts } = parseResourceBody(reader, "common", place, state.context);
  state.common = sections;
  const [host] = hosts;
  if (host === undefined) return;
  state.context.report.error("HF1050", {
    place: host.place,
    message: "expected no host section in `common`, but found one",
    remedy: "Move it into a resource.",
  });
}

function onResource(reader: TokenReader, state: ParseState): void {
  const name = expectString(reader, "the name of a resource");
  const { place } = reader.peek();
  expectSign(reader, "{");
  if (name === undefined || reader.failed()) return;
  checkResourceName(name.value, name.place, state.context);
  state.context.claims.claim("resource", name.value, place);
  const { sections, hosts, volumes } = parseResourceBody(reader, name.value, place, state.context);
  state.resources.push({ ...sections, name: name.value, namePlace: name.place, hosts, volumes });
}

/** drbdadm refuses control characters only; empty names and slashes make no file names and no RES/VOLUME. */
function checkResourceName(name: string, place: Place, { report }: ParseContext): void {
  const bad = name === "" || name === "all" || name.includes("/") || /\p{Cc}/u.test(name);
  if (!bad) return;
  report.error("HF1050", {
    place,
    message: `expected a name for the resource, but found ${JSON.stringify(name)}`,
    remedy: "Use letters, digits, dots, dashes and underscores; not `all`.",
  });
}

function onSkip(reader: TokenReader, state: ParseState): void {
  let token = reader.next();
  const isOwn = token.kind === "string" && token.text === ownSection;
  if (token.kind === "string") token = reader.next();
  if (!isSign(token, "{")) reader.fail(token, "`{`");
  else if (isOwn) parseEngines(reader, (rule) => state.engines.push(rule));
  else skipBraces(reader, token);
}

function onInclude(reader: TokenReader, word: DrbdToken, file: string, state: ParseState): void {
  const pattern = expectString(reader, "a file name or pattern");
  expectSign(reader, ";");
  if (pattern === undefined || reader.failed()) return;
  const files = state.include(pattern.value, file);
  if (files.length === 0 && !/[?*[]/.test(pattern.value)) {
    reportUnreadable(pattern.value, word.place, state.context);
  }
  for (const each of files) {
    if (state.seen.has(each.file) || state.seen.size >= filesMax) continue;
    state.seen.add(each.file);
    if (each.text === undefined) reportUnreadable(each.file, word.place, state.context);
    else if (!parseFile(each.text, each.file, state)) {
      reader.stop();
      return;
    }
  }
}

function reportUnreadable(file: string, place: Place, { report }: ParseContext): void {
  report.error("HF1059", {
    place,
    message: `the included file \`${file}\` is not there or cannot be read`,
    remedy: "Create it, or correct the path; it is relative to this file's directory.",
  });
}
