import assert from "node:assert/strict";
import { test } from "node:test";
import { parseAgentMetaData } from "./agent-meta-data.ts";

const parameters = `<parameters>
  <parameter name="state" unique-group="state"><longdesc lang="en">Where & how</longdesc></parameter>
  <parameter name="ip" unique="1"/>
  <parameter name="delay" reloadable="1"/>
  <parameter name="password" reloadable="1" private="1"/>
</parameters>`;

test("with reload-agent whatever is not reloadable needs a restart", () => {
  assert.deepEqual(metaData("reload", "reload-agent"), {
    reload: "reload-agent",
    restartParameters: ["state", "ip"],
    secretParameters: ["password"],
  });
});

test("with the older reload what tells instances apart needs a restart", () => {
  const { reload, restartParameters } = metaData("start", "reload");
  assert.deepEqual([reload, restartParameters], ["reload", ["ip"]]);
});

test("without a reload nothing is told apart: every change is a restart", () => {
  const { reload, restartParameters } = metaData("start", "stop");
  assert.deepEqual([reload, restartParameters], [undefined, []]);
});

test("what is no metadata is an error, in words", () => {
  for (const text of ["", "usage: Dummy {start|stop}", "<resource-agent name='x'><parameters>"]) {
    const parsed = parseAgentMetaData(text);
    assert.match(parsed.ok ? "" : parsed.error, /^its metadata /);
  }
});

function metaData(...actions: readonly string[]) {
  const listed = actions.map((name) => `<action name="${name}" timeout="20s" />`).join("\n");
  const parsed = parseAgentMetaData(
    `<?xml version="1.0"?><!DOCTYPE resource-agent SYSTEM "ra-api-1.dtd">
    <resource-agent name="Dummy" version="2.0"><version>1.1</version>${parameters}
    <actions>${listed}</actions></resource-agent>\n`,
  );
  assert.ok(parsed.ok);
  return parsed.value;
}
