import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseXml, xmlElementsMax, xmlLengthMax } from "./parse-xml.ts";
import { printXml, printXmlCompact } from "./print-xml.ts";
import { attribute, child, element, withAttributes, type XmlElement } from "./xml-element.ts";

function parsed(text: string): XmlElement {
  const result = parseXml(text);
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}

test("attributes keep their order and values, comments and blanks fall away", () => {
  const root = parsed(
    '<?xml version="1.0"?>\n<!-- c -->\n<cib b="1" a="x &amp; &quot;y&quot;">\n <nodes/> <!-- d --></cib>\n',
  );
  assert.deepEqual(Object.entries(root.attributes), [
    ["b", "1"],
    ["a", 'x & "y"'],
  ]);
  assert.deepEqual(
    root.children.map((c) => c.name),
    ["nodes"],
  );
  assert.deepEqual(child(root, "nodes")?.position, { line: 4, column: 2 });
});

test("print then parse gives the same tree, whatever the values are", () => {
  const name = fc.constantFrom("cib", "node", "nvpair", "op");
  const attributes = fc.dictionary(fc.constantFrom("id", "name", "value"), fc.string());
  const leaf = fc.record({ name, attributes, children: fc.constant([]) });
  const tree = fc.letrec<{ node: XmlElement }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.record({ name, attributes, children: fc.array(tie("node"), { maxLength: 3 }) }),
    ),
  })).node;
  const printable = (t: XmlElement): boolean =>
    Object.values(t.attributes).every((v) => !/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]/.test(v)) &&
    t.children.every(printable);
  fc.assert(
    fc.property(tree.filter(printable), (t) => {
      assert.deepEqual(shape(parsed(printXml(t))), shape(t));
      assert.deepEqual(shape(parsed(printXmlCompact(t))), shape(t));
    }),
  );
});

test("what is not well-formed is an error with its place, never a throw", () => {
  for (const [text, line, what] of [
    ["<cib>\n<a></b></cib>", 2, /close tag/],
    ["<cib a='1' a='2'/>", 1, /duplicate/],
    ["<cib>words</cib>", 1, /text in <cib>/],
    ["", 1, /./],
    ["<a/><b/>", 1, /./],
    ["<a".repeat(500), 1, /./],
  ] as const) {
    const result = parseXml(text);
    assert.ok(!result.ok, text);
    assert.equal(result.error.line, line);
    assert.match(result.error.message, what);
  }
  fc.assert(fc.property(fc.string(), (text) => typeof parseXml(text).ok === "boolean"));
});

test("an attribute called like a member of Object is just an attribute", () => {
  assert.equal(attribute(element("a"), "constructor"), undefined);
  assert.equal(attribute(parsed('<a constructor="x"/>'), "constructor"), "x");
});

test("withAttributes leaves the original as it was", () => {
  const before = element("a", { x: "1", y: "2" });
  assert.deepEqual(withAttributes(before, { x: "3", y: undefined, z: "4" }).attributes, {
    x: "3",
    z: "4",
  });
  assert.deepEqual(before.attributes, { x: "1", y: "2" });
});

const bomb = `<!DOCTYPE c [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><cib x="&b;"/>`;
const refusals: readonly (readonly [what: string, text: string, message: RegExp, line?: number])[] =
  [
    ["entities", bomb, /a document type declaration with content/],
    ["an entity that nobody declared", '<cib\n x="&lol;"/>', /undefined entity/, 2],
    [
      "defaults of a DTD",
      '<!DOCTYPE c [<!ATTLIST cib x CDATA "y">]><cib/>',
      /declaration with content/,
    ],
    ["deep nesting", "<a>".repeat(100_000), /nested more than 200 deep/],
    ["too many elements", `<a>${"<b/>".repeat(xmlElementsMax)}</a>`, /more than 500000 elements/],
    ["too long a text", " ".repeat(xmlLengthMax + 1), /longer than 64 million/],
    ["a NUL", "<cib>\n\n<a x='\u0000'/></cib>", /disallowed character/, 3],
    ["a reference to NUL", '<cib x="&#0;"/>', /malformed character entity/],
    ["half a surrogate pair", '<cib x="&#xD800;"/>', /malformed character entity/],
    ["an attribute twice", '<cib x="1" x="2"/>', /duplicate attribute: x/],
    ["an attribute that is no entry", '<cib __proto__="x"/>', /__proto__/],
    ["text", "<cib><a>five</a></cib>", /text in <a>: "five"/],
    ["text in CDATA", "<cib><![CDATA[five]]></cib>", /text in <cib>: "five"/],
    ["two roots", "<cib/><cib/>", /only one root/],
    ["no end", "<cib><a>", /unclosed tag: a/],
    ["nothing", "", /root element/],
  ];

for (const [what, text, message, line] of refusals) {
  test(`${what} is refused, with the place`, () => {
    const result = parseXml(text);
    assert.ok(!result.ok);
    assert.match(result.error.message, message);
    if (line !== undefined) assert.equal(result.error.line, line);
    assert.ok(result.error.message.length < 200);
  });
}

test("of many mistakes the first is told", () => {
  const result = parseXml(`<cib>\n<a></b>${"<c>".repeat(1_000_000)}`);
  assert.ok(!result.ok);
  assert.equal(result.error.line, 2);
  assert.match(result.error.message, /unexpected close tag/);
});

test("a text is the same in however many parts the parser gets it", () => {
  const value = "é🙂&amp;\n".repeat(20_000);
  const root = parsed(`<cib x="${value}"><!-- ${"-x".repeat(50_000)} --><a y="1"/></cib>`);
  assert.equal(root.attributes["x"], "é🙂& ".repeat(20_000));
  assert.deepEqual(root.children[0]?.attributes, { y: "1" });
});

test("a document type that only names a DTD is taken; the DTD is not read", () => {
  assert.deepEqual(parsed('<!DOCTYPE cib SYSTEM "file:///etc/passwd"><cib/>').name, "cib");
});

function shape(of: XmlElement): unknown {
  return [of.name, Object.entries(of.attributes), of.children.map(shape)];
}
