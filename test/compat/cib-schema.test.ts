/** What the schema accepts and refuses: the same as Debian's tools, on a CIB with every kind of element and its damages. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { after, test } from "node:test";
import { Prng } from "../../src/base/prng.ts";
import { formatFinding } from "../../src/core/cib/schema/finding.ts";
import { validateCib } from "../../src/core/cib/schema/validate-cib.ts";
import { parseXml } from "../../src/formats/xml/parse-xml.ts";
import type { XmlElement } from "../../src/formats/xml/xml-element.ts";
import { damageCib, vocabularyOf } from "../fuzz/cib/damage-cib.ts";
import { everyElement } from "../fuzz/cib/every-element.ts";
import { withInstalledWords } from "../fuzz/cib/installed-words.ts";
import { acceptedByCibadmin, CibFile, whyNoOracle } from "./cib-oracle.ts";

const skip = whyNoOracle() ?? false;
const file = new CibFile();
after(() => file.close());

const recorded = path.resolve(
  import.meta.dirname,
  "../../../shared/conformance/scheduler/data/xml",
);
const noRecorded = existsSync(recorded) ? false : "the recorded scheduler inputs are not here";

const whole = everyElement();

test("the CIB with every kind of element is valid", { skip }, () => {
  assert.deepEqual(validateCib(whole).map(formatFinding), []);
  assert.ok(acceptedByCibadmin(file, whole));
});

test("a damaged CIB is refused exactly when Debian's tools refuse it", { skip }, () => {
  const prng = new Prng(2026n);
  const words = withInstalledWords(vocabularyOf([whole]));
  const counts = { accepted: 0, refused: 0 };
  for (let i = 0; i < 100; i++) {
    const { cib, what } = damageCib(whole, prng, words);
    // Which of its schemas Debian's tools take instead is another question.
    if (cib.attributes["validate-with"] !== "pacemaker-3.9") continue;
    const findings = validateCib(cib).map(formatFinding).join("; ");
    const accepted = acceptedByCibadmin(file, cib);
    counts[accepted ? "accepted" : "refused"]++;
    assert.equal(findings === "", accepted, `${what}: ${findings}`);
  }
  const { accepted, refused } = counts;
  assert.ok(
    accepted > 20 && refused > 40,
    `${accepted} accepted, ${refused} refused: they tell nothing`,
  );
});

test("every recorded input is valid but the one that is wrong on purpose", {
  skip: noRecorded,
}, () => {
  for (const name of readdirSync(recorded)) {
    const findings = validateCib(parsed(readFileSync(path.join(recorded, name), "utf8")));
    const wrong = name === "order-wrong-kind.xml";
    assert.equal(findings.length > 0, wrong, `${name}: ${findings.map(formatFinding).join("; ")}`);
  }
});

function parsed(text: string): XmlElement {
  const result = parseXml(text);
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}
