/** crm_mon against Debian's: the same CIB with the same options gives the same text, and the same XML. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { crmMon } from "../../src/cli/crm-mon/crm-mon.ts";
import { casesMissing } from "../conformance/recorded-cases.ts";
import { whyNoOracle } from "./cib-oracle.ts";
import { judgeRow, monRows } from "./text-rows.ts";

const skip = casesMissing || (whyNoOracle("crm_mon") ?? false);
process.env["TZ"] = "UTC";

/** Each line has inputs of its own; all of them are compared by `npm run conformance -- --texts`. */
const every = 97;

test("crm_mon -s prints Debian's line, and ends with 1 where it is a warning", {
  skip,
}, async () => {
  const { compared, unexplained } = await judgeRow(
    { command: crmMon, words: ["-s"] },
    { every, from: 90 },
  );
  assert.ok(compared >= 7, `${compared} were compared`);
  // Debian's 2.1.5 says of a warning that it cannot be printed, and ends with 0.
  const otherwise = unexplained.filter(({ missing }) => missing.join() !== "exit status 0");
  assert.deepEqual(otherwise, []);
});

for (const [i, row] of monRows.entries()) {
  test(`crm_mon ${row.words.join(" ")} prints what Debian's prints`, { skip }, async () => {
    const { compared, unexplained } = await judgeRow(row, { every, from: 10 * i });
    assert.ok(compared >= 7, `${compared} were compared`);
    assert.deepEqual(unexplained, []);
  });
}
