import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readFenceDevice } from "./fence-device.ts";
import { hostPlugs } from "./host-plugs.ts";

test("host maps in the forms that people write", () => {
  for (const [text, expected] of [
    ["", {}],
    ["node1:1;node2:2,3", { node1: "1", node2: "2,3" }],
    ["node1:1 node2:2", { node1: "1", node2: "2" }],
    ["node1:1; node2:2;", { node1: "1", node2: "2" }],
    ["node1=1", { node1: "1" }],
    ["node1:a:b", { node1: "a:b" }],
    ["node1:plug\\ 1;node2:x\\;y", { node1: "plug 1", node2: "x;y" }],
  ] as const) {
    const plugs = hostPlugs(text);
    assert.ok(plugs.ok, text);
    assert.deepEqual(Object.fromEntries(plugs.value), expected);
  }
  for (const text of ["node1", "node1:", ":1", "a:1;a:2"])
    assert.equal(hostPlugs(text).ok, false, text);
  fc.assert(fc.property(fc.string(), (text) => typeof hostPlugs(text).ok === "boolean"));
});

test("pcmk parameters are the cluster's, all others the agent's", () => {
  const read = readFenceDevice("ipmi1", "fence_ipmilan", {
    params: {
      ip: "10.0.0.9",
      password: "a=b c",
      action: "reboot",
      pcmk_host_list: "xen1",
      pcmk_off_timeout: "2min",
      pcmk_off_retries: "4",
      pcmk_off_action: "poweroff",
      pcmk_status_timeout: "500ms",
      pcmk_delay_max: "5s",
    },
    timeoutMs: 60_000,
  });
  assert.ok(read.ok);
  const { params, commands, nodes, plugs } = read.value;
  assert.deepEqual(params, { ip: "10.0.0.9", password: "a=b c" });
  assert.deepEqual(commands.off, { name: "poweroff", timeoutMs: 120_000, attempts: 4 });
  assert.deepEqual(commands.status, { name: "status", timeoutMs: 500, attempts: 2 });
  assert.deepEqual(commands.on, { name: "on", timeoutMs: 60_000, attempts: 2 });
  assert.deepEqual([[...(nodes ?? [])], plugs.size], [["xen1"], 0]);
});

test("what makes no sense is refused with the parameter's name", () => {
  for (const [agent, params, what] of [
    ["../fence_x", {}, /can't be a fence agent's name/],
    ["ipmilan", {}, /can't be a fence agent's name/],
    ["fence_x", { pcmk_host_check: "sometimes" }, /pcmk_host_check is one of/],
    ["fence_x", { pcmk_host_map: "xen1" }, /pcmk_host_map has entries such as/],
    ["fence_x", { pcmk_off_timeout: "soon" }, /pcmk_off_timeout is a time/],
    ["fence_x", { pcmk_off_retries: "-1" }, /pcmk_off_retries is a number/],
    ["fence_x", { ip: "1\naction=on" }, /the value of ip has more than one line/],
  ] as const) {
    const read = readFenceDevice("d", agent, { params, timeoutMs: 1000 });
    assert.equal(read.ok, false);
    assert.match(read.ok ? "" : read.error, what);
  }
});
