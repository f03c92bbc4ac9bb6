/** crm_simulate's text and XML against Debian's, on the recorded inputs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { casesMissing, recordedAsOurs } from "../conformance/recorded-cases.ts";
import { whyNoOracle } from "./cib-oracle.ts";
import { judgeRow, simulateRows } from "./text-rows.ts";

const skip = casesMissing || (whyNoOracle("crm_simulate") ?? false);
process.env["TZ"] = "UTC";

/** Each line has inputs of its own; all of them are compared by `npm run conformance -- --texts`. */
const every = 97;

for (const [i, row] of simulateRows.entries()) {
  test(`crm_simulate ${row.words.join(" ")} prints what Debian's prints`, { skip }, async () => {
    const isDrift = await recordedAsOurs(Math.floor(Date.now() / 1000));
    const { compared, unexplained } = await judgeRow(row, { every, from: 17 * i + 5 }, isDrift);
    assert.ok(compared >= 7, `${compared} were compared`);
    assert.deepEqual(unexplained, []);
  });
}
