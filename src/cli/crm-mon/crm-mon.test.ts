/** crm_mon's forms: a page, JSON, and the XML that is made of the same facts. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { runOnFile } from "../../../test/cluster/file-commands.ts";
import type { ClusterSnapshot } from "../../api/cluster-snapshot.ts";
import { monSections, usualOptions } from "../../view/cluster/crm-mon/mon-options.ts";
import { monXml } from "../../view/cluster/xml/mon-xml.ts";
import { xmlText } from "../../view/cluster/xml-text.ts";
import { localTimes } from "../terminal/time-texts.ts";
import { crmMon } from "./crm-mon.ts";

const key = "11111111-2222-3333-4444-555555555555";
/** A guest whose monitor failed, a monitor that is under way, and a clone that is held by its primitive. */
const cib = `<cib validate-with="pacemaker-3.9" crm_feature_set="3.16.1" admin_epoch="1" epoch="1" num_updates="0">
<configuration><crm_config/><nodes><node id="1" uname="xen1"/><node id="2" uname="xen2"/></nodes><resources>
  <primitive id="host1" class="ocf" provider="heartbeat" type="Dummy"/>
  <clone id="all"><primitive id="one" class="ocf" provider="heartbeat" type="Dummy"><meta_attributes id="m">
    <nvpair id="held" name="target-role" value="Stopped"/></meta_attributes></primitive></clone></resources>
<constraints><rsc_location id="not-on-xen2" rsc="host1" node="xen2" score="-INFINITY"/></constraints></configuration>
<status><node_state id="1" uname="xen1" in_ccm="true" crmd="online" join="member" expected="member"><lrm id="1"><lrm_resources>
  <lrm_resource id="host1" class="ocf" provider="heartbeat" type="Dummy">
    <lrm_rsc_op id="host1_monitor_20000" operation_key="host1_monitor_20000" operation="monitor" interval="20000" rc-code="193"
      op-status="-1" call-id="-1" transition-key="7:3:0:${key}" transition-magic="-1:193;7:3:0:${key}"/>
    <lrm_rsc_op id="host1_last_0" operation_key="host1_start_0" operation="start" interval="0" rc-code="0"
      op-status="0" call-id="3" transition-key="5:3:0:${key}" transition-magic="0:0;5:3:0:${key}"/>
    <lrm_rsc_op id="host1_last_failure_0" operation_key="host1_monitor_10000" operation="monitor" interval="10000" rc-code="1"
      op-status="0" call-id="4" exit-reason="&lt;b&gt; &amp; more" last-rc-change="1700000000"
      transition-key="6:3:0:${key}" transition-magic="0:1;6:3:0:${key}"/></lrm_resource></lrm_resources></lrm></node_state>
  <node_state id="2" uname="xen2" in_ccm="false" crmd="offline" join="down" expected="down"/>
</status></cib>`;

test("a page has what the text has, with the colours' classes, and markup in it is only text", async (t) => {
  const { run } = mon(t);
  const page = await run("--output-as=html", "-r", "-L", "--html-title", "xen1 & xen2");
  assert.match(page, /^<!DOCTYPE html>\n<html lang="en">\n<head>\n<title>xen1 &amp; xen2<\/title>/);
  assert.match(page, /<span class="bold">Current DC:<\/span> <span class="warning">NONE<\/span>/);
  assert.match(page, /<span class="offline">OFFLINE: \[ xen2 \]<\/span>/);
  assert.match(
    page,
    /<span class="rsc-failed">host1\t\(ocf:heartbeat:Dummy\):\t FAILED xen1 \(Monitoring\)<\/span>/,
  );
  assert.match(page, /\(&lt;b&gt; &amp; more\)/);
  const text = await run("-1", "-r", "-L");
  const words = (each: string): readonly string[] =>
    each
      .replaceAll(/Last updated:[^\n]*/g, "")
      .split(/[\s*:]+/)
      .filter(Boolean);
  const shown = page.replaceAll(/<style>.*<\/style>|<title>.*<\/title>|<[^>]*>/gs, " ");
  assert.deepEqual(words(unescaped(shown)), words(text));
});

test("--as-html writes the page into its file, and --web-cgi has the header of a program", async (t) => {
  const { run, folder } = mon(t);
  const file = path.join(folder, "status.html");
  assert.equal(await run("--as-html", file), "");
  assert.match(readFileSync(file, "utf8"), /^<!DOCTYPE html>[\s\S]*<\/html>\n$/);
  assert.match(await run("-w"), /^Content-Type: text\/html\n\n<!DOCTYPE html>/);
});

test("the XML is made of what the JSON has", async (t) => {
  const { run } = mon(t);
  const snapshot = JSON.parse(await run("--output-as=json")) as ClusterSnapshot;
  const options = { ...usualOptions, sections: new Set(monSections) };
  const times = localTimes(snapshot.takenAtMs);
  const own = monXml(snapshot, options, times).map((each) => xmlText(each, 1));
  const xml = await run("--output-as=xml");
  const without = (text: string): string => text.replaceAll(/<last_update .*/g, "");
  assert.ok(own.length > 5);
  assert.ok(without(xml).includes(without(own.join(""))), xml);
});

test("operations are listed from the oldest on, and one that is under way comes last", async (t) => {
  const { run } = mon(t);
  const text = await run("-1", "-o");
  assert.deepEqual(text.match(/\((-?\d+)\) [a-z]+/g), ["(3) start", "(4) monitor", "(-1) monitor"]);
});

test("a clone's target role may be that of its primitive", async (t) => {
  const { run } = mon(t);
  assert.match(await run("--output-as=xml"), /<clone id="all" [^>]* target_role="Stopped">/);
});

function mon(t: TestContext) {
  const folder = mkdtempSync(path.join(tmpdir(), "holdfast-mon-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, "cib.xml");
  writeFileSync(file, cib);
  const run = async (...words: readonly string[]): Promise<string> => {
    const { exit, out, err } = await runOnFile(file, crmMon, words);
    assert.equal(exit, 0, err);
    return out;
  };
  return { folder, run };
}

function unescaped(text: string): string {
  return text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&#39;", "'")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");
}
