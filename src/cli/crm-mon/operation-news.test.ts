import assert from "node:assert/strict";
import { test } from "node:test";
import type { FencingRow } from "../../api/cluster-live.ts";
import { parseXml } from "../../formats/xml/parse-xml.ts";
import type { XmlElement } from "../../formats/xml/xml-element.ts";
import { fencingNews, operationNews } from "./operation-news.ts";

/** Call, operation, target rc and result ("op-status:rc") of what is recorded of web on xen1. */
type Row = readonly [call: number, operation: string, targetRc: number, result: string];

const started: Row = [3, "start_0", 0, "0:0"];

const cases: readonly (readonly [sentence: string, row: Row, told: string | undefined])[] = [
  ["a stop that went well is told", [4, "stop_0", 0, "0:0"], "stop rc=0 of 0: OK"],
  ["a monitor that failed", [4, "monitor_10000", 0, "0:7"], "monitor rc=7 of 0: Not running"],
  ["what ran out of time", [4, "start_0", 0, "2:1"], "start rc=1 of 0: Timed Out"],
  ["a probe that found it running", [4, "monitor_0", 7, "0:0"], "monitor rc=0 of 7: OK"],
  ["that it does not run where it should not is not told", [4, "monitor_0", 7, "0:7"], undefined],
  ["nor is what is under way", [4, "monitor_10000", 0, "-1:193"], undefined],
];

for (const [sentence, row, expected] of cases) {
  test(sentence, () => {
    const [news, ...more] = operationNews(status([started]), status([started, row]));
    assert.deepEqual(more, []);
    assert.deepEqual(
      news && `${news.task} rc=${news.rc} of ${news.targetRc}: ${news.description}`,
      expected,
    );
    if (news !== undefined) assert.deepEqual([news.resource, news.node], ["web", "xen1"]);
  });
}

test("a result is told once, also where it is recorded twice, and never what was there before", () => {
  const failed: Row = [4, "start_0", 0, "0:1"];
  assert.equal(operationNews(status([]), status([failed, failed])).length, 1);
  assert.deepEqual(operationNews(status([failed]), status([failed])), []);
});

test("a fence is told when it has ended, with what came of it", () => {
  const running: FencingRow = {
    ...{ target: "xen1", action: "reboot", origin: "anna", state: "running" },
    ...{ device: "pdu", beganMs: 1000, endedMs: undefined, why: undefined },
  };
  const failed: FencingRow = { ...running, state: "failed", endedMs: 2000, why: "no answer" };
  assert.deepEqual(fencingNews([], [running]), []);
  assert.deepEqual(fencingNews([failed], [failed]), []);
  const [news] = fencingNews([running], [failed]);
  assert.deepEqual([news?.resource, news?.node, news?.rc], [undefined, "xen1", 1]);
  assert.equal(news?.description, "Operation reboot of xen1 by pdu for anna: failed (no answer)");
});

function status(rows: readonly Row[]): XmlElement {
  const records = rows.map(([call, operation, targetRc, result], i) => {
    const magic = `${result};5:3:${targetRc}:11111111-2222-3333-4444-555555555555`;
    return `<lrm_rsc_op id="web_${i}" operation_key="web_${operation}" call-id="${call}" transition-magic="${magic}"/>`;
  });
  const read = parseXml(
    `<status><node_state id="1" uname="xen1"><lrm id="1"><lrm_resources><lrm_resource id="web">${records.join("")}</lrm_resource></lrm_resources></lrm></node_state></status>`,
  );
  assert.ok(read.ok);
  return read.value;
}
