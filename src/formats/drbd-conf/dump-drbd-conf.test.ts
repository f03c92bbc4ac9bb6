import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { DrbdConf } from "./drbd-conf.ts";
import { drbdKeywords } from "./drbd-keywords.ts";
import { dumpDrbdConf, quoted } from "./dump-drbd-conf.ts";
import { type OptionRow, type OptionSection, optionTable } from "./option-table.ts";
import { parseDrbdConf } from "./parse-drbd-conf.ts";

test("an empty word in a line of drbd-proxy's plugins is none, so that what is printed is read the same", () => {
  const on = (host: string, net: number): string =>
    `on ${host} { device /dev/drbd0; disk /dev/a; meta-disk internal; address 10.0.${net}.1:7;
      proxy on ${host} { inside 127.0.0.1:${net}; outside 10.0.${net}.2:7; } }`;
  const text = `resource r { proxy { plugin { lzma "" level "" 9; } } ${on("alpha", 1)} ${on("bravo", 2)} }`;
  assert.match(dump(text), /\n +lzma level 9;\n/);
});

test("the canonical text has four blanks a level and the values below each other", () => {
  const text = `global { usage-count no; minor-count 5; cmd-timeout-short 7; }
common { net { timeout 50; } }
resource "r0" { disk { resync-rate 10M; }
  on alpha { device minor 0; disk "/dev/a b"; meta-disk /dev/m[3]; address 10.0.0.1:7789; }
  on bravo { device drbd1; disk /dev/b; flexible-meta-disk /dev/m; address ipv6 [::1]:7789; } }`;
  assert.equal(
    dump(text),
    `# /etc/drbd.conf
global {
    minor-count 5;
    usage-count no;
    cmd-timeout-short 7;
}

common {
    net {
        timeout           50;
    }
}

# resource r0 on alpha: not ignored, not stacked
# defined at /etc/drbd.conf:3
resource r0 {
    on alpha {
        device           minor 0;
        disk             "/dev/a b";
        meta-disk        /dev/m [3];
        address          ipv4 10.0.0.1:7789;
    }
    on bravo {
        device           /dev/drbd1 minor 1;
        disk             /dev/b;
        meta-disk        /dev/m;
        address          ipv6 [::1]:7789;
    }
    disk {
        resync-rate      10M;
    }
}

`,
  );
});

test("a word that would be read as something else is put in quotes", () => {
  for (const word of ["net", "on", "7", "10M", "1.2.3.4", "a b", "", 'a"b', "ä", "x".repeat(81)]) {
    assert.notEqual(quoted(word), word, word);
  }
  for (const word of ["r0", "/dev/vg/x_y-z.1", "xen1", "1a", "x".repeat(80)]) {
    assert.equal(quoted(word), word, word);
  }
});

test("what is dumped is read back the same, whatever the names and values are", () => {
  fc.assert(
    fc.property(confText, (text) => {
      const first = parsed(text);
      const second = parsed(dumpDrbdConf(first, { hostName: "alpha" }));
      assert.deepEqual(shape(second), shape(first));
    }),
    { numRuns: 300 },
  );
});

const names = fc.oneof(
  fc.constantFrom(...drbdKeywords, "alpha", "bravo", "r0", "7", "10M", "1.2.3.4"),
  fc.stringMatching(/^[ -~]{1,20}$/),
);

function inQuotes(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

/** A value that the option may have. */
function possibleValue(row: OptionRow): fc.Arbitrary<string> {
  switch (row.kind) {
    case "number":
      return fc.integer({ min: row.min, max: Math.min(row.max, 2 ** 31) }).map(String);
    case "flag":
      return fc.constantFrom("yes", "no", "");
    case "word":
      return fc.constantFrom(...row.words);
    case "text":
      return names.map(inQuotes);
  }
}

/** The text of one option section: each option at most once. */
function sectionText(section: OptionSection): fc.Arbitrary<string> {
  const options = [...optionTable[section]].map(([name, row]) =>
    fc
      .option(possibleValue(row), { freq: 3 })
      .map((value) => (value === null ? "" : `${name} ${value};`)),
  );
  return fc.tuple(...options).map((lines) => {
    const inside = lines.filter((line) => line !== "").join(" ");
    return inside === "" ? "" : `${section} { ${inside} }`;
  });
}

const sectionsText: fc.Arbitrary<string> = fc
  .tuple(...(["net", "disk", "options", "startup", "handlers"] as const).map(sectionText))
  .map((sections) => sections.join("\n"));

const metaDisk = fc.oneof(
  fc.constant("internal"),
  names.map((name) => (name === "internal" ? '"x"' : inQuotes(name))),
  fc.nat({ max: 200 }).map((index) => `/dev/m[${index}]`),
);

type Volume = { readonly number: number; readonly disk: string; readonly meta: string };

function resourceText(index: number): fc.Arbitrary<string> {
  const volume = fc.record({
    number: fc.nat({ max: 9 }),
    disk: names.map(inQuotes),
    meta: metaDisk,
  });
  const volumes = fc.uniqueArray(volume, {
    selector: (each) => each.number,
    minLength: 1,
    maxLength: 3,
  });
  const hosts = fc.uniqueArray(names, { minLength: 1, maxLength: 3 });
  return fc.tuple(volumes, hosts, sectionsText, fc.boolean()).map(([list, all, sections, bare]) => {
    const implicit = bare && list.length === 1;
    const bodies = all.map((host, at) => {
      const statements = list.map((each) => volumeText(each, index, implicit)).join("\n");
      return `on ${inQuotes(host)} { ${statements} address 10.0.${index}.${at + 1}:7789; }`;
    });
    return `resource "r${index}" {\n${sections}\n${bodies.join("\n")}\n}`;
  });
}

function volumeText({ number, disk, meta }: Volume, index: number, implicit: boolean): string {
  const slot = index * 10 + (implicit ? 0 : number);
  // Slots of one external device are taken once: each volume gets a device of its own.
  const own =
    meta === "internal" ? meta : meta.replace(/^"|^\/dev\/m/, (start) => `${start}${slot}`);
  const statements = `device minor ${slot}; disk ${disk}; meta-disk ${own};`;
  return implicit ? statements : `volume ${number} { ${statements} }`;
}

const confText: fc.Arbitrary<string> = fc
  .tuple(fc.boolean(), sectionsText, resourceText(1), resourceText(2))
  .map(([common, sections, first, second]) => {
    const shared = common ? `common {\n${sections}\n}` : "";
    return `global { disable-ip-verification; }\n${shared}\n${first}\n${second}`;
  });

function parsed(text: string): DrbdConf {
  const result = parseDrbdConf(text, { file: "/etc/drbd.conf", include: () => [] });
  assert.ok(result.ok, `${JSON.stringify(result)}\n${text}`);
  return result.value.value;
}

function dump(text: string): string {
  return dumpDrbdConf(parsed(text), { hostName: "alpha" });
}

/** Without places, which differ between two texts of one meaning. */
function shape(conf: DrbdConf): unknown {
  const drop = (key: string, value: unknown): unknown =>
    /[pP]lace$/.test(key) ? undefined : value;
  return JSON.parse(JSON.stringify(conf, drop));
}
