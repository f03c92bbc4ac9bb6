/** crm_resource's questions against Debian's: the same CIB gives the same text, XML and exit status. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { crmResource } from "../../src/cli/crm-resource/crm-resource.ts";
import { casesMissing } from "../conformance/recorded-cases.ts";
import { whyNoOracle } from "./cib-oracle.ts";
import { differences } from "./tool-sweep.ts";

const skip = casesMissing || (whyNoOracle("crm_resource") ?? false);
process.env["TZ"] = "UTC";

const rows: readonly (readonly string[])[] = [
  ["-L"],
  ["-L", "--output-as=xml"],
  ["-l"],
  ["-O"],
  ["-o", "--output-as=xml"],
  ["-W", "-r", "RSC"],
  ["-W", "-r", "RSC", "--output-as=xml"],
  ["-q", "-r", "RSC"],
  ["-q", "-r", "RSC", "--output-as=xml"],
  ["-a", "-r", "RSC"],
  ["-A", "-r", "RSC", "--output-as=xml"],
  ["-Y", "--output-as=xml"],
];

/** Inputs about which we say something else, with the reason. */
const elsewhere: Readonly<Record<string, string>> = {
  "clone-requires-quorum-recovery": "the history of a node that is offline is not listed",
  "remote-fence-unclean": "the history of a node that is offline is not listed",
  "utilization-complex": "the history of a node that is offline is not listed",
  "ticket-promoted-15": "another instance of an anonymous clone stands for the history's",
  "stopped-monitor-05": "what is-managed=false keeps from being stopped is told as unmanaged",
};

for (const words of rows) {
  test(`crm_resource ${words.join(" ")} answers as Debian's does`, { skip }, async () => {
    const { compared, differing } = await differences({
      command: crmResource,
      words,
      every: 37,
    });
    assert.ok(compared >= 15, `${compared} were compared`);
    const wrong = differing.filter(({ name }) => !Object.hasOwn(elsewhere, name));
    assert.deepEqual(wrong, []);
  });
}
