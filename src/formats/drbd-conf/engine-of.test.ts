import assert from "node:assert/strict";
import { test } from "node:test";
import type { Parsed } from "../config-text/diagnostic.ts";
import { parseDrbdConf } from "./parse-drbd-conf.ts";
import { type DrbdHostView, resolveDrbdConf } from "./resolve-drbd-conf.ts";

const resources = ["r0", "r1"]
  .map(
    (name, i) => `resource ${name} {
  on alpha { device /dev/drbd${i}; disk /dev/a${i}; meta-disk internal; address 10.0.0.1:778${i}; }
  on bravo { device /dev/drbd${i}; disk /dev/a${i}; meta-disk internal; address 10.0.0.2:778${i}; }
}`,
  )
  .join("\n");

test("where nothing is said, every resource is Holdfast's", () => {
  assert.deepEqual(engines("", "alpha"), ["holdfast", "holdfast"]);
  assert.deepEqual(engines("skip { engine kernel; }", "alpha"), ["holdfast", "holdfast"]);
  assert.deepEqual(engines("skip other { engine kernel; }", "alpha"), ["holdfast", "holdfast"]);
});

test("the closest word holds: resource on host, resource, host, all", () => {
  const all = "skip holdfast { engine kernel; }";
  assert.deepEqual(engines(all, "alpha"), ["kernel", "kernel"]);
  const host = "skip holdfast { engine kernel; on alpha { engine holdfast; } }";
  assert.deepEqual(engines(host, "alpha"), ["holdfast", "holdfast"]);
  assert.deepEqual(engines(host, "bravo"), ["kernel", "kernel"]);
  const resource = `skip holdfast {
    resource r1 { on "alpha" bravo { engine kernel; } engine holdfast; }
    on alpha { engine kernel; }
    resource r0 { engine holdfast; }
  }`;
  assert.deepEqual(engines(resource, "alpha"), ["holdfast", "kernel"]);
  assert.deepEqual(engines(resource, "bravo"), ["holdfast", "kernel"]);
});

test("of two words for the same the last holds", () => {
  const twice = "skip holdfast { engine kernel; engine holdfast; }";
  assert.deepEqual(engines(twice, "alpha"), ["holdfast", "holdfast"]);
});

test("a mistake in it is refused, and a name that is nobody's is told", () => {
  for (const wrong of [
    "engine user;",
    "engine kernel",
    "engines kernel;",
    "on alpha { on bravo { engine kernel; } }",
    "on { engine kernel; }",
    "resource r0 { resource r1 { engine kernel; } }",
    "on alpha { resource r1 { engine kernel; } }",
  ])
    assert.equal(view(`skip holdfast { ${wrong} }`, "alpha").ok, false, wrong);
  const stranger = view("skip holdfast { on charly { engine kernel; } }", "alpha");
  assert.ok(stranger.ok);
  assert.match(stranger.value.notices.map((each) => each.message).join(), /host `charly`/);
});

function engines(extra: string, host: string): readonly string[] {
  const result = view(extra, host);
  assert.ok(result.ok, JSON.stringify(result));
  return result.value.value.resources.map((resource) => resource.engine);
}

function view(extra: string, host: string): Parsed<DrbdHostView> {
  const parsed = parseDrbdConf(`${extra}\n${resources}`, { file: "drbd.conf", include: () => [] });
  return parsed.ok ? resolveDrbdConf(parsed.value.value, host) : parsed;
}
