/**
 * drbd.conf files out of the grammar of 8.4 (and 8.0's syncer), mostly right and now and then wrong: options with values
 * at and beyond their ranges, volumes in every form, words left out, put in, swapped and repeated.
 */
import fc from "fast-check";
import { parseDrbdNumber } from "../../../src/formats/drbd-conf/drbd-number.ts";
import {
  type NumberRow,
  negatedOptions,
  type OptionSection,
  optionTable,
  syncerOptions,
} from "../../../src/formats/drbd-conf/option-table.ts";

type Text = fc.Arbitrary<string>;

/** Options that 8.4 does not have. */
const own: ReadonlySet<string> = new Set(["tls"]);

/** A file as words; `join(" ")` is its text. */
export const randomDrbdConf: Text = fc
  .tuple(
    fc.array(fc.oneof({ weight: 1, arbitrary: skipped() }, { weight: 2, arbitrary: common() }), {
      maxLength: 2,
    }),
    fc.oneof(
      { weight: 9, arbitrary: fc.subarray([0, 1, 2, 3], { minLength: 1, maxLength: 3 }) },
      // A name twice is refused.
      { weight: 1, arbitrary: fc.constant([1, 1]) },
    ),
  )
  .chain(([top, numbers]) =>
    fc
      .tuple(...numbers.map((number, place) => resource(number, place)))
      .map((resources) => [...top, ...resources].join("\n")),
  )
  .chain((text) => fc.tuple(fc.constant(text), edits()).map(([whole, all]) => edited(whole, all)));

/** Who reads it; zulu is in no file. */
export const randomHost: Text = fc.constantFrom("alpha", "bravo", "zulu");

function skipped(): Text {
  return fc.constantFrom("skip { a { b; } c }", 'skip "x" { } ', "# a comment\n", "skip old { x }");
}

function common(): Text {
  return fc
    .tuple(maybe(protocol()), sections(["net", "disk", "options", "startup", "handlers"]))
    .map((parts) => `common { ${parts.join(" ")} }`);
}

function resource(number: number, place: number): Text {
  const base = 10 * place;
  const implicit = fc.boolean();
  return fc
    .tuple(
      maybe(protocol()),
      sections(["net", "disk", "options", "startup", "handlers"]),
      maybe(syncer()),
      implicit.chain((one) => hosts(base, one)),
      maybe(fc.constant("startup { become-primary-on alpha; }")),
    )
    .map((parts) => `resource ${name(number)} { ${parts.join(" ")} }`);
}

/** Twice the same name now and then: that is refused. */
function name(number: number): string {
  return ["r0", '"r 1"', "r-2", "r.3"][number] ?? "r0";
}

function hosts(base: number, implicit: boolean): Text {
  const port = 7700 + base;
  const host = (of: string, address: string, index: number): Text =>
    fc
      .tuple(volumes(base, implicit), maybe(fc.constant(`options { cpu-mask ${index}; }`)))
      .map((inside) => `on ${of} { ${inside.join(" ")} address ${address}; }`);
  return fc
    .tuple(
      host("alpha", `10.0.0.1:${port}`, 1),
      fc.oneof(
        host("bravo", `ipv4 10.0.0.2:${port}`, 2),
        host('"bravo"', `ipv6 [fe80::2]:${port}`, 2),
      ),
      maybe(host("charly", `10.0.0.3:${port}`, 3)),
    )
    .map((each) => each.join("\n"));
}

function volumes(base: number, implicit: boolean): Text {
  const one = (number: number): Text =>
    fc
      .tuple(
        fc.constantFrom(
          `device /dev/drbd${base + number};`,
          `device minor ${base + number};`,
          `device /dev/drbd_x${base + number} minor ${base + number};`,
        ),
        fc.constant(`disk /dev/vg/v${base + number};`),
        fc.constantFrom(
          "meta-disk internal;",
          `meta-disk /dev/vg/m${base}[${number}];`,
          `flexible-meta-disk /dev/vg/f${base + number};`,
          `meta-disk /dev/vg/f${base + number};`,
        ),
        implicit ? fc.constant("") : maybe(options("disk").map((all) => `disk { ${all} }`)),
      )
      .map((parts) => parts.join(" "));
  if (implicit) return one(0);
  return fc
    .tuple(one(0), one(1))
    .map(([first, second]) => `volume 0 { ${first} } volume 1 { ${second} }`);
}

function protocol(): Text {
  return fc.constantFrom("protocol C;", "protocol a;", "protocol B;");
}

function syncer(): Text {
  return fc
    .subarray([...syncerOptions.keys()], { maxLength: 3 })
    .chain((names) =>
      fc.tuple(...names.map((each) => syncerOption(each))).map((all) => all.join(" ")),
    )
    .map((all) => `syncer { ${all} }`);
}

function syncerOption(each: string): Text {
  const section = syncerOptions.get(each) ?? "disk";
  const renamed: Readonly<Record<string, string>> = { rate: "resync-rate", after: "resync-after" };
  return value(section, renamed[each] ?? each).map((text) => `${each}${text};`);
}

function sections(all: readonly OptionSection[]): Text {
  return fc
    .subarray([...all], { maxLength: 3 })
    .chain((some) =>
      fc.tuple(
        ...some.map((section) => options(section).map((inside) => `${section} { ${inside} }`)),
      ),
    )
    .map((texts) => texts.join(" "));
}

function options(section: OptionSection): Text {
  const negated = [...negatedOptions].filter(([, home]) => home === section).map(([word]) => word);
  const names = [...optionTable[section].keys(), ...negated].filter((each) => !own.has(each));
  return fc
    .subarray(names, { maxLength: Math.min(4, names.length) })
    .chain((some) =>
      fc.tuple(...some.map((each) => value(section, each).map((text) => `${each}${text};`))),
    )
    .map((all) => all.join(" "));
}

/** With the blank before it; empty for a flag that is only named. */
function value(section: OptionSection, option: string): Text {
  const row = optionTable[section].get(option);
  switch (row?.kind) {
    case "number":
      return fc
        .oneof(
          {
            weight: 30,
            arbitrary: fc.constantFrom(...[row.min, row.max, row.default].map(String)),
          },
          { weight: 10, arbitrary: fc.constantFrom(...suffixed(row)) },
          {
            weight: 1,
            arbitrary: fc.constantFrom(String(row.min - 1), String(row.max + 1), "10M"),
          },
        )
        .map((text) => ` ${text}`);
    case "flag":
      return fc.constantFrom("", " yes", " no");
    case "word":
      return fc.constantFrom(...row.words, "nonsense").map((text) => ` ${text}`);
    case "text":
      return fc.constantFrom(' "two words"', " sha1", ' "a \\"b\\""', " r0");
    default:
      return fc.constant("");
  }
}

/** With a suffix, within the range where there are such. */
function suffixed(row: NumberRow): readonly string[] {
  const all = ["10M", "4k", "512s", "1G", "100K", "1m", "2g"].filter((text) => {
    const number = parseDrbdNumber(text, row.unit);
    return number !== undefined && number >= row.min && number <= row.max;
  });
  return all.length === 0 ? [String(row.max)] : all;
}

function maybe(text: Text): Text {
  return fc.oneof({ weight: 2, arbitrary: fc.constant("") }, { weight: 1, arbitrary: text });
}

type Edit = {
  readonly at: number;
  readonly kind: "drop" | "double" | "swap" | "put";
  readonly word: string;
};

/** None in two of three files. */
function edits(): fc.Arbitrary<readonly Edit[]> {
  const edit = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    kind: fc.constantFrom("drop", "double", "swap", "put"),
    word: fc.constantFrom(";", "{", "}", "net", "on", "5", "yes", '"x"', "disk", "resource"),
  }) as fc.Arbitrary<Edit>;
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(edit, { minLength: 1, maxLength: 2 }) },
  );
}

function edited(text: string, all: readonly Edit[]): string {
  if (all.length === 0) return text;
  const words: string[] = text.match(/"(?:[^"\\\n]|\\.)*"|[a-zA-Z0-9/._-]+|#.*\n|\S/g) ?? [];
  for (const { at, kind, word } of all) {
    const index = Math.floor(at * words.length);
    const here = words[index] ?? "";
    if (kind === "drop") words.splice(index, 1);
    else if (kind === "double") words.splice(index, 0, here);
    else if (kind === "put") words.splice(index, 0, word);
    else words.splice(index, 2, words[index + 1] ?? "", here);
  }
  return words.join(" ");
}
