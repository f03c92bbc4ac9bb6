/** crm_simulate's command line: what is asked wrongly is refused with a sentence, and nothing is simulated. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { runOnFile } from "../../../test/cluster/file-commands.ts";
import { cibOf, primitive } from "../../../test/scheduler/small-cluster.ts";
import { printXml } from "../../formats/xml/print-xml.ts";
import { crmSimulate } from "./crm-simulate.ts";

const cib = printXml(cibOf({ resources: primitive("vm") }));

const rows: readonly (readonly [exit: number, sentence: RegExp, words: readonly string[]])[] = [
  [64, /--quorum is true or false, not "maybe"/, ["-S", "-q", "maybe"]],
  [64, /--watchdog is true or false, not "2"/, ["-S", "--watchdog", "2"]],
  [64, /"n9"/, ["-S", "-f", "n9"]],
  [64, /"soon"/, ["-S", "-t", "soon"]],
  [64, /vm-start/, ["-S", "-i", "vm-start"]],
  [66, /\/nowhere cannot be read \(ENOENT\)/, ["-P", "/nowhere"]],
  [66, /\/nowhere\.xml cannot be read \(ENOENT\)/, ["-x", "/nowhere.xml"]],
];

for (const [exit, sentence, words] of rows) {
  test(`crm_simulate ${words.join(" ")} is refused`, async (t) => {
    const folder = mkdtempSync(path.join(tmpdir(), "holdfast-simulate-"));
    t.after(() => rmSync(folder, { recursive: true }));
    const file = path.join(folder, "cib.xml");
    writeFileSync(file, cib);
    const ran = await runOnFile(file, crmSimulate, words);
    assert.equal(ran.exit, exit, ran.err);
    assert.match(ran.err, sentence);
    assert.equal(ran.out, "");
  });
}
