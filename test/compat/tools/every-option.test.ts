/** Each option that --help of Debian's tools names is understood by ours, by the same letter; or refused with a reason. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { everyOption } from "../../../src/cli/cluster/cluster-command.ts";
import { pacemakerCommands } from "../../cluster/pacemaker-commands.ts";
import { whyNoOracle } from "../cib-oracle.ts";

const skip = whyNoOracle("crm_resource") ?? false;

/** These have no --help-all. */
const scripts = ["cibadmin", "crm_shadow", "crm_failcount", "crm_standby", "crm_master"];
/** Parts of the help alone. */
const helpPart = /^help-/;

for (const command of pacemakerCommands) {
  test(`every option of ${command.name} is known`, { skip }, () => {
    const help = scripts.includes(command.name) ? "--help" : "--help-all";
    const { stdout, stderr } = spawnSync(command.name, [help], { encoding: "utf8" });
    const rows = everyOption(command);
    const named = [...`${stdout}${stderr}`.matchAll(/^\s+(?:-(.), )?--([a-z0-9_-]+)/gm)];
    // The one whose help says no more than where to look.
    assert.ok(named.length >= 3 || command.name === "crm_master", `${named.length} are named`);
    for (const [, letter, long = ""] of named) {
      if (helpPart.test(long)) continue;
      const row = rows.find((each) => each.long === long);
      assert.ok(row, `--${long}`);
      if (letter === undefined) continue;
      const lettered = rows.find((each) => each.short === letter)?.long ?? "nothing";
      const isHelp = long === "help" && lettered.startsWith("help");
      assert.ok(lettered === long || isHelp, `-${letter} is --${lettered}, not --${long}`);
    }
  });
}
