/** The smaller tools, line by line, as Debian's have them: standard output, exit status, and the CIB afterwards. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { CibFile, whyNoOracle } from "../cib-oracle.ts";
import { compareLine } from "./compare-lines.ts";
import { toolLines } from "./tool-lines.ts";

const skip = whyNoOracle("crm_attribute") ?? false;
process.env["TZ"] = "UTC";
const file = new CibFile();
after(() => file.close());

for (const row of toolLines) {
  const [line, ownBecause] = typeof row === "string" ? [row] : row;
  const name =
    ownBecause === undefined ? `${line}: as Debian's` : `${line}: our own, ${ownBecause}`;
  test(name, { skip }, async () => {
    const { theirs, ours, errors } = await compareLine(line, file);
    if (ownBecause === undefined) assert.deepEqual(ours, theirs);
    // A reason that has none any more goes.
    else assert.notDeepEqual(ours, theirs);
    // An empty answer that is an error says so.
    if (ours.exit !== 0 && ours.output === "") assert.notEqual(errors, "");
  });
}
