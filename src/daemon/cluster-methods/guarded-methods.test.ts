import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type TestContext, test } from "node:test";
import type { ControlClient } from "../../host/control/control-server.ts";
import { fileDesk } from "../cib-file/file-desk.ts";
import { cibDeskMethods, guardedMethods } from "./desk-methods.ts";

const nobody = 65534;
const by = { client: "cibadmin", user: "root" };

test("whoever is not root sees and changes what the rules for the own name allow", async (t) => {
  const { ask, text } = served(t);
  const { text: seen } = (await ask(nobody, "cib-query", { at: { section: "all" } })) as {
    text: string;
  };
  assert.match(seen, /<nvpair id="am1"/);
  assert.doesNotMatch(seen, /enable-acl|<node /);
  const change = (id: string) => ({
    ...{ operation: "modify", at: { section: "all" }, by },
    xml: `<nvpair id="${id}" value="new"/>`,
  });
  await ask(nobody, "cib-change", change("am1"));
  assert.match(text(), /id="am1" name="target-role" value="new"/);
  await assert.rejects(ask(nobody, "cib-change", change("o1")), { code: "HF4014", exit: 4 });
  assert.match(text(), /name="enable-acl" value="true"/);
});

test("only root acts as somebody else, and sees what others may do", async (t) => {
  const { ask } = served(t);
  const query = { at: { section: "nodes" } };
  await ask(0, "cib-query", query);
  await assert.rejects(ask(0, "cib-query", { ...query, as: "nobody" }), { code: "HF4000" });
  await assert.rejects(ask(0, "cib-query", { ...query, as: "no-such-user" }), { code: "HF4014" });
  await assert.rejects(ask(nobody, "cib-query", { ...query, as: "root" }), { code: "HF4647" });
  const shown = { at: { section: "all" }, user: "nobody", form: "text" };
  await assert.rejects(ask(nobody, "cib-access", shown), { code: "HF4647", exit: 4 });
  const { text } = (await ask(0, "cib-access", shown)) as { text: string };
  assert.match(text, /WRITABLE.*\n +<primitive id="a"/);
});

test("every method is guarded: a user without a role gets nothing of the CIB by any", async (t) => {
  const { methods, ask } = served(t);
  const nothingOfTheCib = ["cib-empty", "cib-diff", "cib-patched"];
  for (const name of Object.keys(methods)) {
    if (nothingOfTheCib.includes(name)) continue;
    const params = {
      ...{ at: { section: "all" }, by, operation: "delete", xml: '<nvpair id="am1"/>' },
      ...{ resource: "a", name: "x", value: "y", set: "meta_attributes", node: "xen1", rule: "r" },
      ...{
        scope: { section: "crm_config" },
        on: true,
        lifetime: "forever",
        user: "x",
        form: "text",
        rule: "r",
        overrides: {},
      },
    };
    // What is about a given text is not about the CIB.
    const { xml: _, ...withoutText } = params;
    const given = name === "cib-change" ? params : withoutText;
    await assert.rejects(ask(1, name, given), (error: { code?: string }) => {
      assert.ok(["HF4014", "HF4647"].includes(error.code ?? ""), `${name}: ${String(error)}`);
      return true;
    });
  }
});

function served(t: TestContext) {
  const directory = mkdtempSync(path.join(tmpdir(), "holdfast-guarded-"));
  t.after(() => rmSync(directory, { recursive: true }));
  const file = path.join(directory, "cib.xml");
  writeFileSync(file, cib);
  const methods = guardedMethods(fileDesk(file), cibDeskMethods);
  const ask = async (uid: number, method: string, params: Record<string, unknown>) => {
    const client: ControlClient = { uid, sendEvent: () => {}, onClose: () => {} };
    return await methods[method as keyof typeof methods](params, client);
  };
  return { methods, ask, text: () => readFileSync(file, "utf8") };
}

const cib = `<cib validate-with="pacemaker-3.9" admin_epoch="0" epoch="4" num_updates="2"><configuration>
<crm_config><cluster_property_set id="o"><nvpair id="o1" name="enable-acl" value="true"/></cluster_property_set></crm_config>
<nodes><node id="1" uname="xen1"/></nodes>
<resources><primitive id="a" class="ocf" provider="heartbeat" type="Dummy"><meta_attributes id="am"><nvpair id="am1" name="target-role" value="Started"/></meta_attributes></primitive></resources>
<constraints/>
<acls><acl_role id="r"><acl_permission id="r1" kind="write" reference="a"/></acl_role><acl_target id="nobody"><role id="r"/></acl_target></acls>
</configuration><status/></cib>`;
