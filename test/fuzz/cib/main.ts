/**
 * `npm run fuzz -- cib [--inputs N] [--seed S]`: damaged CIBs, judged by our schema and by Debian's cibadmin. They begin as
 * one with every kind of element and, where they are at hand, as the recorded inputs of Pacemaker's scheduler; the words of
 * the damages are those of the installed schemas, too. Prints every CIB that only one of the two accepts.
 */
import { parseArgs } from "node:util";
import { Prng } from "../../../src/base/prng.ts";
import { formatFinding } from "../../../src/core/cib/schema/finding.ts";
import { validateCib } from "../../../src/core/cib/schema/validate-cib.ts";
import { withAttributes, type XmlElement } from "../../../src/formats/xml/xml-element.ts";
import { acceptedByCibadmin, CibFile, whyNoOracle } from "../../compat/cib-oracle.ts";
import { casesMissing, recordedCibs } from "../../conformance/recorded-cases.ts";
import { damageCib, vocabularyOf } from "./damage-cib.ts";
import { everyElement } from "./every-element.ts";
import { withInstalledWords } from "./installed-words.ts";

const { values } = parseArgs({
  options: {
    inputs: { type: "string", default: "4000" },
    seed: { type: "string", default: "1" },
  },
});
const missing = whyNoOracle();
if (missing === undefined) campaign(Number(values.inputs), BigInt(values.seed));
else console.log(`Nothing is compared: ${missing}.`);

function campaign(inputs: number, seed: bigint): void {
  const file = new CibFile();
  const prng = new Prng(seed);
  const every = everyElement();
  const recorded = (casesMissing ? [] : recordedCibs()).map(({ cib }) => asToday(cib));
  const words = withInstalledWords(vocabularyOf([every]));
  const counts = { accepted: 0, refused: 0, differ: 0 };
  for (let i = 0; i < inputs; i++) {
    const start = recorded.length > 0 && prng.below(3) === 0 ? prng.pick(recorded) : every;
    const { cib, what } = damageCib(start, prng, words);
    // Which of its schemas Debian's tools take instead is another question.
    if (cib.attributes["validate-with"] !== "pacemaker-3.9") continue;
    const findings = validateCib(cib);
    const accepted = acceptedByCibadmin(file, cib);
    counts[accepted ? "accepted" : "refused"]++;
    if (accepted === (findings.length === 0)) continue;
    counts.differ++;
    const [first] = findings;
    console.log(`${what}: ${first === undefined ? "accepted by us alone" : formatFinding(first)}`);
  }
  file.close();
  const { accepted, refused, differ } = counts;
  console.log(
    `seed ${seed}: ${accepted} accepted by cibadmin, ${refused} refused; ${differ} differ`,
  );
  if (differ > 0) process.exitCode = 1;
}

function asToday(cib: XmlElement): XmlElement {
  return withAttributes(cib, { "validate-with": "pacemaker-3.9", crm_feature_set: "3.16.1" });
}
