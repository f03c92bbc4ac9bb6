import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { decodeXml } from "./decode-xml.ts";
import { readXmlFile, xmlBytesMax } from "./xml-file.ts";

const umlaut = '<node uname="M\u00fcnchen"/>';
const rows: readonly (readonly [what: string, bytes: Buffer, text: string | undefined])[] = [
  ["UTF-8", Buffer.from(umlaut), umlaut],
  ["UTF-8 with a mark", Buffer.from(`\ufeff${umlaut}`), umlaut],
  ["UTF-16 with a mark", Buffer.from(`\ufeff${umlaut}`, "utf16le"), umlaut],
  ["UTF-16 of the other order", Buffer.from(`\ufeff${umlaut}`, "utf16le").swap16(), umlaut],
  [
    "a declared Latin-1",
    Buffer.from(`<?xml version="1.0" encoding="ISO-8859-1"?>${umlaut}`, "latin1"),
    `<?xml version="1.0" encoding="ISO-8859-1"?>${umlaut}`,
  ],
  ["Latin-1 that nobody declared", Buffer.from(`<a/>\n${umlaut}`, "latin1"), undefined],
  [
    "an encoding that is not known",
    Buffer.from('<?xml version="1.0" encoding="x-y"?><a/>'),
    undefined,
  ],
];

for (const [what, bytes, text] of rows) {
  test(`${what} is ${text === undefined ? "refused" : "read"}`, () => {
    const decoded = decodeXml(bytes);
    assert.equal(decoded.ok ? decoded.value : undefined, text);
  });
}

test("the line of the first byte that is no character is named", (t) => {
  const file = inFile(t, Buffer.from(`<a>\n${umlaut}</a>\n`, "latin1"));
  assert.throws(() => readXmlFile(file), { code: "HF4601", exit: 65, message: /, line 2: / });
});

test("of a file that is too large no more is read than a CIB can have", (t) => {
  const file = inFile(t, Buffer.alloc(0));
  truncateSync(file, 1024 * 1024 * 1024 * 1024);
  const before = process.memoryUsage().arrayBuffers;
  assert.throws(() => readXmlFile(file), { code: "HF4611", exit: 65 });
  assert.ok(process.memoryUsage().arrayBuffers - before < 2 * xmlBytesMax);
});

const noBzip2 =
  spawnSync("bzip2", ["--version"], { input: "" }).error !== undefined && "there is no bzip2 here";

test("what Pacemaker's scheduler left is unpacked", { skip: noBzip2 }, (t) => {
  const file = inFile(t, packed(Buffer.from(umlaut)));
  assert.equal(readXmlFile(file), umlaut);
});

test("what is packed and damaged is refused, and so is more than a CIB can have", {
  skip: noBzip2,
}, (t) => {
  const cut = packed(Buffer.from(umlaut)).subarray(0, 20);
  assert.throws(() => readXmlFile(inFile(t, cut)), { code: "HF4601", exit: 65 });
  const bomb = inFile(t, packed(Buffer.alloc(xmlBytesMax + 1)));
  assert.throws(() => readXmlFile(bomb), { code: "HF4611", exit: 65 });
});

function packed(bytes: Buffer): Buffer {
  return spawnSync("bzip2", ["-c"], { input: bytes }).stdout;
}

function inFile(t: TestContext, bytes: Buffer): string {
  const directory = mkdtempSync(path.join(tmpdir(), "holdfast-xml-"));
  t.after(() => rmSync(directory, { recursive: true }));
  const file = path.join(directory, "x.xml");
  writeFileSync(file, bytes);
  return file;
}
