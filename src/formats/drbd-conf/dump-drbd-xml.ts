/** DrbdConf -> what `drbdadm dump-xml` prints (8.4): for programs that would not read drbd.conf themselves. */
import type {
  DrbdConf,
  DrbdHostSection,
  DrbdOption,
  DrbdResourceSection,
  DrbdSections,
  DrbdVolumeSection,
} from "./drbd-conf.ts";

export function dumpDrbdXml(conf: DrbdConf): string {
  return element(0, "config", { file: conf.file }, [
    globalXml(conf),
    conf.common === undefined ? "" : element(1, "common", {}, sectionsXml(2, conf.common)),
    ...conf.resources.map((resource) => dumpResourceXml(resource, 1)),
  ]);
}

/** One resource as `drbdadm dump-xml RES` prints it, at level 0. */
export function dumpResourceXml(resource: DrbdResourceSection, level = 0): string {
  const { file, line } = resource.place;
  const place = { name: resource.name, "conf-file-line": `${file}:${line}` };
  return element(level, "resource", place, [
    ...resource.hosts.map((host) => hostXml(level + 1, host)),
    ...sectionsXml(level + 1, resource),
  ]);
}

function globalXml({ global }: DrbdConf): string {
  if (global === undefined) return "";
  const { minorCount, dialogRefresh = 1 } = global;
  return element(1, "global", {}, [
    global.disableIpVerification ? empty(2, "disable-ip-verification", {}) : "",
    minorCount === undefined ? "" : empty(2, "minor-count", { count: String(minorCount) }),
    dialogRefresh === 1 ? "" : empty(2, "dialog-refresh", { refresh: String(dialogRefresh) }),
  ]);
}

function sectionsXml(level: number, sections: DrbdSections): readonly string[] {
  const hosts = sections.becomePrimaryOn.map((host) => host.value).join(" ");
  const startup = [
    ...sections.startup,
    ...(sections.stackedTimeouts ? [pair("stacked-timeouts", "yes")] : []),
    ...(hosts === "" ? [] : [pair("become-primary-on", hosts)]),
  ];
  return [
    sectionXml(level, "options", sections.options),
    sectionXml(level, "net", sections.net),
    sectionXml(level, "disk", sections.disk),
    sectionXml(level, "startup", startup),
    sectionXml(level, "handlers", sections.handlers),
  ];
}

type Pair = Pick<DrbdOption, "name" | "value">;

function pair(name: string, value: string): Pair {
  return { name, value };
}

function sectionXml(level: number, name: string, options: readonly Pair[]): string {
  if (options.length === 0) return "";
  const lines = options.map((option) =>
    empty(level + 1, "option", { name: option.name, value: option.value }),
  );
  return element(level, "section", { name }, lines);
}

function hostXml(level: number, host: DrbdHostSection): string {
  const inside = [
    sectionXml(level + 1, "options", host.options),
    ...host.volumes.map((volume) => volumeXml(level + 1, volume)),
    host.address === undefined
      ? ""
      : textElement(
          level + 1,
          "address",
          { family: host.address.family, port: String(host.address.port) },
          host.address.host,
        ),
  ];
  const names = host.names.map((each) => each.value).join(" ");
  return element(
    level,
    "host",
    host.kind === "floating" ? { floating: "1" } : { name: names },
    inside,
  );
}

function volumeXml(level: number, volume: DrbdVolumeSection): string {
  const { minor = -1, metaDisk } = volume;
  const place = metaDisk === undefined || metaDisk.kind === "internal" ? "internal" : metaDisk.path;
  const index: Attributes = metaDisk?.kind === "indexed" ? { index: String(metaDisk.index) } : {};
  return element(level, "volume", { vnr: String(volume.number) }, [
    sectionXml(level + 1, "disk", volume.options),
    textElement(level + 1, "device", { minor: String(minor) }, volume.device ?? ""),
    textElement(level + 1, "disk", {}, volume.disk ?? ""),
    textElement(level + 1, "meta-disk", index, place),
  ]);
}

type Attributes = Readonly<Record<string, string>>;

function element(
  level: number,
  name: string,
  attributes: Attributes,
  inside: readonly string[],
): string {
  return `${start(level, name, attributes)}>\n${inside.join("")}${pad(level)}</${name}>\n`;
}

function textElement(level: number, name: string, attributes: Attributes, text: string): string {
  return `${start(level, name, attributes)}>${escaped(text)}</${name}>\n`;
}

function empty(level: number, name: string, attributes: Attributes): string {
  return `${start(level, name, attributes)}/>\n`;
}

function start(level: number, name: string, attributes: Attributes): string {
  const words = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`);
  return `${pad(level)}<${name}${words.join("")}`;
}

const entities: Readonly<Record<string, string>> = {
  "<": "&lt;",
  ">": "&gt;",
  "&": "&amp;",
  '"': "&quot;",
  "'": "&apos;",
};

function escaped(text: string): string {
  return text.replace(/[<>&"']/g, (character) => entities[character] ?? character);
}

function pad(level: number): string {
  return "    ".repeat(level);
}
