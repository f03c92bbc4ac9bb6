/** The body of `resource NAME { }` and of `common { }`. */
import type { Place } from "../config-text/place.ts";
import { newClaims } from "./claims.ts";
import type { DrbdHostSection, DrbdVolumeSection } from "./drbd-conf.ts";
import { drbd9Sections, drbd9Statements } from "./drbd9-words.ts";
import { checkSameVolumes } from "./host-volumes.ts";
import {
  addOption,
  newSections,
  type ParseContext,
  type SectionsDraft,
  sinkInto,
} from "./parse-context.ts";
import { type HostSetting, parseFloating, parseOn, parseStacked } from "./parse-host.ts";
import { parseNames } from "./parse-names.ts";
import { parseProxyOptions } from "./parse-proxy.ts";
import {
  implicitVolume,
  parseVolume,
  parseVolumeStatement,
  type VolumeDraft,
} from "./parse-volume.ts";
import { readOptions, readSyncer } from "./read-options.ts";
import type { DrbdToken } from "./scan-drbd-conf.ts";
import { skipDrbd9Section, skipDrbd9Statement } from "./skip-section.ts";
import { expectSign, expectString, isKeyword, isSign, type TokenReader } from "./token-reader.ts";

export type ResourceBody = {
  readonly sections: SectionsDraft;
  readonly hosts: readonly DrbdHostSection[];
  readonly volumes: readonly DrbdVolumeSection[];
};

type Body = {
  readonly name: string;
  readonly sections: SectionsDraft;
  readonly hosts: DrbdHostSection[];
  readonly volumes: VolumeDraft[];
  readonly setting: HostSetting;
};

/** After the opening brace, at `place`. */
export function parseResourceBody(
  reader: TokenReader,
  name: string,
  place: Place,
  context: ParseContext,
): ResourceBody {
  const volumes: VolumeDraft[] = [];
  const once = newClaims(context.report);
  const setting = { resource: name, inherited: volumes, context, claimOnce: once.claim };
  const body: Body = { name, sections: newSections(place), hosts: [], volumes, setting };
  for (let token = reader.next(); !isSign(token, "}"); token = reader.next()) {
    if (reader.failed()) break;
    const statement = token.kind === "keyword" ? statements.get(token.text) : undefined;
    if (statement !== undefined) statement(reader, token, body);
    else if (!skipOfDrbd9(reader, token)) {
      const expected = [...statements.keys()].join(", ");
      const remedy =
        token.kind === "end"
          ? `The section that begins in line ${place.line} has no \`}\`.`
          : undefined;
      reader.fail(token, `one of ${expected}, or \`}\``, remedy);
    }
  }
  if (!reader.failed()) checkSameVolumes(name, body.hosts, context);
  return { sections: body.sections, hosts: body.hosts, volumes };
}

type Statement = (reader: TokenReader, token: DrbdToken, body: Body) => void;

const statements: ReadonlyMap<string, Statement> = new Map<string, Statement>([
  ["protocol", parseProtocol],
  ["on", (reader, { place }, { hosts, setting }) => hosts.push(parseOn(reader, place, setting))],
  [
    "floating",
    (reader, { place }, { hosts, setting }) => hosts.push(parseFloating(reader, place, setting)),
  ],
  [
    "stacked-on-top-of",
    (reader, { place }, { hosts, setting }) => hosts.push(parseStacked(reader, place, setting)),
  ],
  ["ignore-on", parseIgnoreOn],
  ["disk", parseDisk],
  ["device", parseImplicit],
  ["meta-disk", parseImplicit],
  ["flexible-meta-disk", parseImplicit],
  [
    "volume",
    (reader, _, { volumes, setting }) => parseVolume(reader, volumes, [], setting.context),
  ],
  ["net", optionSection("net")],
  ["options", optionSection("options")],
  ["handlers", optionSection("handlers")],
  ["startup", parseStartup],
  ["syncer", parseSyncer],
  ["proxy", parseProxySection],
]);

function skipOfDrbd9(reader: TokenReader, token: DrbdToken): boolean {
  if (token.kind !== "string") return false;
  if (drbd9Sections.has(token.text)) skipDrbd9Section(reader, token);
  else if (drbd9Statements.has(token.text)) skipDrbd9Statement(reader, token);
  else return false;
  return true;
}

function parseProtocol(reader: TokenReader, token: DrbdToken, body: Body): void {
  const { setting, name, sections } = body;
  setting.claimOnce("protocol statement", `${name}: protocol`, token.place);
  const value = expectString(reader, "A, B or C");
  expectSign(reader, ";");
  if (value === undefined) return;
  const protocol = value.value.toUpperCase();
  if (!/^[ABC]$/.test(protocol)) {
    setting.context.report.error("HF1053", {
      place: value.place,
      message: `\`protocol ${value.value}\`: expected A, B or C`,
      remedy: "Write: protocol C;",
    });
  }
  const option = { name: "protocol", value: protocol, place: token.place };
  addOption(sections.net, option, setting.context.report);
}

function parseIgnoreOn(reader: TokenReader, token: DrbdToken, { setting }: Body): void {
  expectString(reader, "a host name");
  expectSign(reader, ";");
  setting.context.report.notice("HF1063", {
    place: token.place,
    message: "`ignore-on` is an old word and has no effect",
    remedy: "Remove it: a resource that does not name a host is ignored there.",
  });
}

function parseDisk(reader: TokenReader, token: DrbdToken, body: Body): void {
  if (!isSign(reader.peek(), "{")) {
    parseImplicit(reader, token, body);
    return;
  }
  optionSection("disk")(reader, token, body);
}

function parseImplicit(reader: TokenReader, token: DrbdToken, body: Body): void {
  const { setting, name, volumes } = body;
  if (token.text === "device") {
    setting.claimOnce("device statement", `${name}:device`, token.place);
  }
  const volume = implicitVolume(volumes, token.place, setting.context);
  parseVolumeStatement(reader, token, volume, [], setting.context);
}

function optionSection(section: "net" | "disk" | "options" | "handlers"): Statement {
  return (reader, { place }, { setting, name, sections }) => {
    setting.claimOnce(`${section} section`, `${name}:${section} section`, place);
    expectSign(reader, "{");
    readOptions(reader, section, sinkInto(sections, setting.context.report));
  };
}

function parseStartup(reader: TokenReader, { place }: DrbdToken, body: Body): void {
  const { setting, name, sections } = body;
  setting.claimOnce("startup section", `${name}:startup section`, place);
  expectSign(reader, "{");
  readOptions(reader, "startup", sinkInto(sections, setting.context.report), (token) => {
    if (isKeyword(token, "become-primary-on")) {
      sections.becomePrimaryOn = [...parseNames(reader, ";")];
      return true;
    }
    if (!isKeyword(token, "stacked-timeouts")) return false;
    sections.stackedTimeouts = true;
    expectSign(reader, ";");
    return true;
  });
}

function parseSyncer(reader: TokenReader, { place }: DrbdToken, body: Body): void {
  const { setting, name, sections } = body;
  const { report } = setting.context;
  setting.claimOnce("syncer section", `${name}:syncer section`, place);
  expectSign(reader, "{");
  readSyncer(reader, sinkInto(sections, report));
  report.notice("HF1063", {
    place,
    message: "`syncer` is DRBD 8.0's section; its options are taken",
    remedy: "Today: disk { resync-rate 10M; } for syncer { rate 10M; }, and so on.",
  });
}

function parseProxySection(reader: TokenReader, { place }: DrbdToken, body: Body): void {
  const { setting, name, sections } = body;
  setting.claimOnce("proxy section", `${name}:proxy section`, place);
  sections.proxy = parseProxyOptions(reader, place);
}
