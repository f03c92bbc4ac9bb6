/** The other texts that people and programs hand to Holdfast: ha.cf, authkeys, xl domain files, XML, QMP. */
import { readFileSync } from "node:fs";
import { assert } from "../../../src/base/assert.ts";
import { parseAuthKeys } from "../../../src/formats/authkeys/parse-authkeys.ts";
import { directiveTable } from "../../../src/formats/ha-cf/directive-table.ts";
import { haCfSettings, printHaCfSettings } from "../../../src/formats/ha-cf/ha-cf-settings.ts";
import { parseHaCf } from "../../../src/formats/ha-cf/parse-ha-cf.ts";
import { QmpSession } from "../../../src/formats/qmp/qmp-session.ts";
import { parseXlConfig } from "../../../src/formats/xl-config/parse-xl-config.ts";
import { printXlConfig } from "../../../src/formats/xl-config/print-xl-config.ts";
import { readXlDomain } from "../../../src/formats/xl-config/read-xl-domain.ts";
import { deviceKeys, usedKeys, xenKeys } from "../../../src/formats/xl-config/xl-keys.ts";
import { parseXml } from "../../../src/formats/xml/parse-xml.ts";
import { printXml } from "../../../src/formats/xml/print-xml.ts";
import type { FuzzTarget } from "../fuzz-target.ts";
import { mutateText, textOf } from "../inputs/mutate-text.ts";

export const haCf: FuzzTarget = {
  name: "ha-cf",
  inputs: 200_000,
  isText: true,
  make: (chance) => mutateText(howTo("ha.cf"), [...directiveTable.keys(), "eth0", "2s"], chance),
  run: (input) => {
    const read = parseHaCf(textOf(input), "/etc/ha.d/ha.cf");
    if (!read.ok) return "refused";
    const settings = haCfSettings(read.value.value);
    if (!settings.ok) return "refused";
    printHaCfSettings(settings.value.value);
    return "read";
  },
};

export const authKeys: FuzzTarget = {
  name: "authkeys",
  inputs: 200_000,
  isText: true,
  make: (chance) => mutateText(keys, ["auth", "crc", "sha1", "md5", "0", "16", "\n"], chance),
  run: (input) => (parseAuthKeys(textOf(input), "/etc/ha.d/authkeys").ok ? "read" : "refused"),
};

const keys = "# keys\nauth 2\n1 crc\n2 sha1 a-secret\n3 md5 another\n";

export const xlConfig: FuzzTarget = {
  name: "xl-config",
  inputs: 200_000,
  isText: true,
  make: (chance) => mutateText(chance.pick(domains()), xlWords, chance),
  run: (input) => {
    const read = parseXlConfig(textOf(input), "/etc/xen/host1.dom");
    if (!read.ok) return "refused";
    const again = parseXlConfig(printXlConfig(read.value.value), "/etc/xen/host1.dom");
    assert(again.ok, "what is printed can be read");
    return readXlDomain(read.value.value).ok ? "read" : "refused";
  },
};

const xlWords = [
  ...usedKeys,
  ...deviceKeys,
  ...xenKeys,
  ...["=", "[", "]", ",", "'phy:/dev/drbd0,xvda,w'", '"vif"', "512", "-1", "True", "'"],
];

function domains(): readonly string[] {
  return [howTo("host1.dom"), howTo("host2.dom")];
}

export const xml: FuzzTarget = {
  name: "xml",
  inputs: 50_000,
  isText: true,
  make: (chance) => mutateText(chance.pick([howTo("host1.xml"), smallCib]), xmlWords, chance),
  run: (input) => {
    const read = parseXml(textOf(input));
    if (!read.ok) return "refused";
    const printed = printXml(read.value);
    const again = parseXml(printed);
    assert(again.ok && printXml(again.value) === printed, "what is printed reads the same");
    return "read";
  },
};

const smallCib =
  '<cib epoch="1"><!-- x --><configuration a="&lt;&#10;"/><status><a/><b>t</b></status></cib>';
const xmlWords = [
  "<a>",
  "</a>",
  "<!DOCTYPE x [",
  "&#x0;",
  "&amp;",
  "<![CDATA[",
  "]]>",
  "<?x?>",
  "a=''",
];

/** A whole session: the greeting, the answer to the negotiation, then answers and events; one message a line. */
export const qmp: FuzzTarget = {
  name: "qmp",
  inputs: 200_000,
  isText: true,
  make: (chance) => mutateText(qmpLines, qmpWords, chance),
  run: (input) => {
    const session = new QmpSession();
    const given = [1, 2].map(() => session.execute("query-status").id);
    const answered: number[] = [];
    let isOver = false;
    for (const line of textOf(input).split("\n")) {
      for (const effect of session.receive(line)) {
        if (effect.kind === "answer") answered.push(effect.id);
        if (effect.kind !== "broken") continue;
        isOver = true;
        answered.push(...effect.unanswered);
      }
    }
    const left = session.end("the connection is gone");
    for (const effect of left) if (effect.kind === "broken") answered.push(...effect.unanswered);
    assert(`${answered.sort()}` === `${given}`, "each command is answered once, or named");
    return isOver ? "refused" : "read";
  },
};

const qmpLines = [
  '{"QMP":{"version":{"qemu":{"micro":0,"minor":2,"major":7},"package":""},"capabilities":["oob"]}}',
  '{"return":{},"id":0}',
  '{"event":"STOP","data":{"a":1},"timestamp":{"seconds":1,"microseconds":2}}',
  '{"return":{"status":"running"},"id":1}',
  '{"error":{"class":"GenericError","desc":"no"},"id":2}',
].join("\n");
const qmpWords = [
  '"id"',
  '"QMP"',
  '"return"',
  '"error"',
  '"event"',
  "{",
  "}",
  "null",
  "1",
  "[]",
  "\n",
];

const read = new Map<string, string>();

function howTo(name: string): string {
  const text =
    read.get(name) ??
    readFileSync(new URL(`../../../examples/howto/${name}`, import.meta.url), "utf8");
  read.set(name, text);
  return text;
}
