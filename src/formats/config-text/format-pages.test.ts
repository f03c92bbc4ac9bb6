import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { authMethods } from "../authkeys/authkeys.ts";
import { optionTable } from "../drbd-conf/option-table.ts";
import { directiveTable } from "../ha-cf/directive-table.ts";
import { haCfDefaults } from "../ha-cf/ha-cf-settings.ts";
import { usedKeys } from "../xl-config/xl-keys.ts";

test("the page of ha.cf names every directive, and says how it is taken", () => {
  const page = pageOf("ha-cf");
  const [, used = "", warned = "", noticed = "", unknown = ""] = page.split(
    /^\*\*(?:used|accepted with a warning|accepted with a notice|unknown)\*\*/m,
  );
  assert.notEqual(unknown, "");
  for (const [name, row] of directiveTable) {
    const part = row.use === "used" ? used : row.severity === "warning" ? warned : noticed;
    assert.match(part, new RegExp(`\`${name}[ \`]`), name);
  }
  for (const { directive, value, unit } of haCfDefaults) {
    const shown = unit === "port" ? `${value}` : value < 1000 ? `${value} ms` : `${value / 1000} s`;
    assert.match(page, new RegExp(`\\| \`${directive}\` +\\| ${shown} +\\|`), directive);
  }
});

test("the page of drbd.conf names every option", () => {
  const page = pageOf("drbd-conf");
  for (const section of ["net", "disk", "options", "startup", "handlers"] as const) {
    for (const name of optionTable[section].keys()) assert.ok(page.includes(`\`${name}\``), name);
  }
});

test("the page of domain files names every key that is used", () => {
  const page = pageOf("xl-config");
  for (const key of usedKeys) assert.ok(page.includes(`\`${key}\``), key);
});

test("the page of authkeys names every method", () => {
  const page = pageOf("authkeys");
  for (const method of authMethods) assert.ok(page.includes(`\`${method}\``), method);
});

function pageOf(format: string): string {
  const file = path.join(import.meta.dirname, `../../../docs/formats/${format}.md`);
  return readFileSync(file, "utf8");
}
