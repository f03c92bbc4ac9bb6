import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { isNodeUuid } from "../../formats/cluster-packet/heartbeat.ts";
import { bootId, nodeUuid } from "./node-identity.ts";

const directory = mkdtempSync(path.join(tmpdir(), "holdfast-identity-"));
after(() => rmSync(directory, { recursive: true }));

test("an identity is made once, and is the same from then on", () => {
  const uuid = nodeUuid(path.join(directory, "node-uuid"));
  assert.ok(isNodeUuid(uuid));
  assert.equal(nodeUuid(path.join(directory, "node-uuid")), uuid);
  const boot = bootId(path.join(directory, "boot-id"));
  assert.equal(bootId(path.join(directory, "boot-id")), boot);
  assert.ok(boot < 2n ** 64n);
  assert.deepEqual(readdirSync(directory).sort(), ["boot-id", "node-uuid"]);
});

test("a damaged file is refused, and says what to do", () => {
  const file = path.join(directory, "damaged");
  writeFileSync(file, "xen1\n");
  assert.throws(() => nodeUuid(file), { code: "HF3045", remedy: /rm .*damaged/ });
  assert.throws(() => bootId(file), { code: "HF3045" });
});

test("a missing directory is not made up: it belongs to the installation", () => {
  assert.throws(() => nodeUuid(path.join(directory, "no", "node-uuid")), { code: "ENOENT" });
});
