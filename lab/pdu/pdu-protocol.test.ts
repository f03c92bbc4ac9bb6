import assert from "node:assert/strict";
import { test } from "node:test";
import { parsePduRequest } from "./pdu-protocol.ts";

test("the power switch understands five requests", () => {
  assert.deepEqual(parsePduRequest("list"), { ok: true, value: { verb: "list" } });
  for (const verb of ["status", "on", "off", "reboot"] as const) {
    assert.deepEqual(parsePduRequest(` ${verb}  xen1\r`), {
      ok: true,
      value: { verb, outlet: "xen1" },
    });
  }
});

test("anything else is an error with a sentence", () => {
  for (const line of ["", "off", "list xen1", "off xen1 xen2", "OFF xen1", "explode xen1"]) {
    const parsed = parsePduRequest(line);
    assert.ok(!parsed.ok && parsed.error.length > 5, line);
  }
});
