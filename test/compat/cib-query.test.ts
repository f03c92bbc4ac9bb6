/** Queries: what cibadmin --query prints, byte for byte. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { CibPlace } from "../../src/core/cib/change.ts";
import { addressesIn, queryCib } from "../../src/core/cib/read/query-cib.ts";
import type { CibSection } from "../../src/core/cib/sections.ts";
import { parseXml } from "../../src/formats/xml/parse-xml.ts";
import { printXml } from "../../src/formats/xml/print-xml.ts";
import { CibFile, whyNoOracle } from "./cib-oracle.ts";

const skip = whyNoOracle() ?? false;
const file = new CibFile();
after(() => file.close());

const text = `<cib validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0"><configuration><crm_config/><nodes/><resources>
<primitive id="a" class="lsb" type="x&amp;&quot;&lt;"><meta_attributes id="am"><nvpair id="an" name="p" value="its"/></meta_attributes></primitive><primitive id="b" class="lsb" type="x"/>
</resources><constraints/></configuration><status/></cib>`;

test("sections, expressions and addresses print as cibadmin prints them", { skip }, () => {
  file.write(text);
  const cib = parseXml(text);
  assert.ok(cib.ok);
  for (const [place, ...flags] of [
    ["all"],
    ["all", "-n"],
    ["resources"],
    ["resources", "-n"],
    ["configuration", "-n"],
    ["status"],
    ["tags"],
    ["//primitive"],
    ["//primitive", "-n"],
    ["//primitive[@id='a']"],
    ["//primitive[@id='a']", "-n"],
    ["//nvpair"],
    ["//nosuch"],
    ["//["],
  ] as const) {
    const at: CibPlace = place.startsWith("/")
      ? { xpath: place }
      : { section: place as CibSection };
    const where = place === "all" ? [] : [place.startsWith("/") ? "-A" : "-o", place];
    const answer = file.run("cibadmin", "-Q", ...where, ...flags);
    const ours = queryCib(cib.value, { at, noChildren: flags.length > 0 });
    assert.equal(ours.ok ? 0 : ours.error.exit, answer.exit, place);
    assert.equal(ours.ok ? printXml(ours.value) : "", answer.output, place);
    if (!("xpath" in at)) continue;
    const addresses = addressesIn(cib.value, place);
    const listed = addresses.ok ? addresses.value.map((each) => `${each}\n`).join("") : "";
    assert.equal(listed, file.run("cibadmin", "-Q", "-e", "-A", place).output, place);
  }
});
