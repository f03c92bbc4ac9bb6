import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseXml } from "../../xml/parse-xml.ts";
import type { XmlElement } from "../../xml/xml-element.ts";
import { evaluateXPath } from "./evaluate-xpath.ts";
import { parseXPath } from "./parse-xpath.ts";
import { addressOf, selectXPath } from "./xpath.ts";

const root = parsed(`
<cib epoch="5">
  <configuration>
    <resources>
      <primitive id="a" class="ocf"><meta_attributes id="am"><nvpair id="an" name="x" value="1"/></meta_attributes></primitive>
      <group id="g">
        <primitive id="b" class="lsb"/>
        <primitive id="c" class="ocf"><meta_attributes id="cm"><nvpair id="cn" name="x" value="20"/><nvpair id="cn2" name="y" value="3"/></meta_attributes></primitive>
      </group>
    </resources>
  </configuration>
  <status/>
</cib>`);

test("an expression that looks at too many nodes has no value, however it does so", () => {
  for (const xpath of [
    "//*[//*[//*]]",
    "//*[count(//*[@id]) > 0]",
    "//nvpair[//*/@id = //*/@id]",
    `(${Array.from({ length: 40 }, () => "//*").join("|")})`,
    `//*${"/..//*".repeat(40)}`,
  ]) {
    const expression = parseXPath(xpath);
    assert.ok(expression.ok);
    assert.equal(evaluateXPath(root, expression.value, 200), undefined, xpath);
  }
  const usual = parseXPath("//nvpair[@name='x']");
  assert.ok(usual.ok);
  assert.equal((evaluateXPath(root, usual.value, 200) as readonly unknown[]).length, 2);
});

test("location paths select elements in document order", () => {
  for (const [xpath, ids] of [
    ["//primitive", "a b c"],
    ["//primitive[@class='ocf']", "a c"],
    ['//primitive[@id="b"]', "b"],
    ["/cib/configuration/resources/primitive", "a"],
    ["/cib/configuration//primitive[@class='ocf' and @id='c']", "c"],
    ["//primitive[@id='a' or @id='b']", "a b"],
    ["//primitive[not(@class='ocf')]", "b"],
    ["//primitive[meta_attributes/nvpair/@name='y']", "c"],
    ["//primitive[.//nvpair[@name='x'][@value='1']]", "a"],
    ["//group/primitive[1]", "b"],
    ["//group/primitive[last()]", "c"],
    ["//primitive[1]", "a b"],
    ["(//primitive)[1]", "a"],
    ["(//primitive)[position()>1]", "b c"],
    ["//nvpair[@value > 2]", "cn cn2"],
    ["//nvpair[@name='y']/../..", "c"],
    ["//nvpair[@name='y']/ancestor::group", "g"],
    ["//nvpair[@id='cn']/following-sibling::nvpair", "cn2"],
    ["//nvpair[@id='cn2']/preceding-sibling::*", "cn"],
    ["//primitive[@id='c'] | //group", "g c"],
    ["//*[@id][starts-with(@id,'c')]", "c cm cn cn2"],
    ["//*[contains(@id,'n')][name()='nvpair']", "an cn cn2"],
    ["//group[count(primitive)=2]", "g"],
    ["descendant::primitive[@class!='ocf']", "b"],
    ["//resources/child::*", "a g"],
    ["//self::group", "g"],
    ["//primitive[translate(@class,'ABCLS','abcls-')='lsb']", "b"],
    ["//nosuch", ""],
    ["//primitive[@constructor]", ""],
  ] as const) {
    const selected = selectXPath(root, xpath);
    assert.ok(selected.ok, `${xpath}: ${JSON.stringify(selected)}`);
    const found = selected.value.map((match) => match.element.attributes["id"]).join(" ");
    assert.equal(found, ids, xpath);
  }
});

test("an attribute is selected with the element that has it", () => {
  const selected = selectXPath(root, "//nvpair[@id='cn']/@value");
  assert.ok(selected.ok);
  assert.deepEqual(
    selected.value.map((m) => [m.attribute, m.element.attributes["id"], m.path]),
    [["value", "cn", [0, 0, 1, 1, 0, 0]]],
  );
  const all = selectXPath(root, "/cib/@*");
  assert.ok(all.ok && all.value.length === 1);
});

test("paths lead from the root to the element that was selected", () => {
  const selected = selectXPath(root, "//*");
  assert.ok(selected.ok);
  for (const { path, element } of selected.value) {
    let at: XmlElement | undefined = root;
    for (const index of path) at = at?.children[index];
    assert.equal(at, element);
  }
  assert.equal(selected.value.length, 13);
});

test("an address names the ids on the way", () => {
  assert.equal(
    addressOf(root, [0, 0, 1, 1]),
    "/cib/configuration/resources/group[@id='g']/primitive[@id='c']",
  );
  assert.equal(addressOf(root, []), "/cib");
});

test("what is no expression of the subset is refused with its place", () => {
  for (const [xpath, column, what] of [
    ["//primitive[", 13, /expected a name/],
    ["//primitive[@id='a'", 20, /expected "\]"/],
    ["//primitive]", 12, /operator or the end/],
    ["//", 3, /a name/],
    ["", 1, /a name/],
    ["//a[@b=#]", 8, /starts nothing/],
    ["//a[@b='x]", 8, /starts nothing/],
    ["sum(//a)", 1, /known function/],
    ["namespace::a", 1, /known axis/],
    ["//a[contains(@b)]", 17, /number of arguments/],
    ["count(//a)", 1, /selects no element/],
    [`//a${"[b".repeat(60)}`, 85, /brackets/],
  ] as const) {
    const selected = selectXPath(root, xpath);
    assert.ok(!selected.ok, xpath);
    assert.match(selected.error.message, what, xpath);
    assert.equal(selected.error.column, column, xpath);
  }
});

test("no text makes it throw", () => {
  const piece = fc.constantFrom(
    ..."//,[,],@id,=,'x',(,),a,*,.,..,and,or,not,|,<,1,last(),::,child".split(","),
  );
  fc.assert(
    fc.property(
      fc.array(piece).map((p) => p.join(" ")),
      (text) => void selectXPath(root, text),
    ),
  );
  fc.assert(fc.property(fc.string(), (text) => void selectXPath(root, text)));
});

function parsed(text: string): XmlElement {
  const result = parseXml(text);
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}
