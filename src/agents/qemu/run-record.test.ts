import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { simulatedGuest } from "../../../sim/guests/simulated-guests.ts";
import { memoryFiles } from "../../../test/doubles/memory-files.ts";
import { macAddress } from "../guest/mac-address.ts";
import { noteMigrationPhase, printRunRecord, type RunRecord, readRunRecord } from "./run-record.ts";

const directories = { run: "/run/holdfast/guests", log: "/var/log/holdfast" };
const path = "/run/holdfast/guests/host1.json";
const record: RunRecord = {
  guest: {
    ...simulatedGuest("host1", ["host1_root"]),
    nics: [{ mac: macAddress("host1", 0), bridge: "xenbr0" }],
  },
  build: { qemuVersion: "7.2.22", machine: "pc-q35-7.2", accelerator: "tcg", processor: "" },
  taps: ["hf-host1-0"],
};

test("a record is read as it was written, with and without a migration", async () => {
  for (const each of [record, { ...record, migration: "arriving" } as const]) {
    const files = memoryFiles({ [path]: printRunRecord(each) });
    assert.deepEqual(await readRunRecord(files, path), { ok: true, value: each });
  }
  assert.deepEqual(await readRunRecord(memoryFiles(), path), { ok: true, value: undefined });
});

test("how far a migration has come is noted and taken back, and makes no record where there is none", async () => {
  const files = memoryFiles({ [path]: printRunRecord(record) });
  await noteMigrationPhase({ files, directories }, "host1", "departing");
  const noted = await readRunRecord(files, path);
  assert.equal(noted.ok && noted.value?.migration, "departing");
  await noteMigrationPhase({ files, directories }, "host1", undefined);
  assert.deepEqual(await readRunRecord(files, path), { ok: true, value: record });
  await noteMigrationPhase({ files, directories }, "host2", "sending");
  assert.deepEqual(await files.list(directories.run), ["host1.json"]);
});

test("a record that is damaged anywhere is an error that names its path and what is wrong", async () => {
  const whole = JSON.parse(printRunRecord(record)) as Record<string, unknown>;
  const damaged = [
    "",
    "{",
    "[]",
    '{"version":2}',
    ...Object.keys(whole).map((name) => JSON.stringify({ ...whole, [name]: undefined })),
    JSON.stringify({ ...whole, guest: { ...record.guest, name: "../x" } }),
    JSON.stringify({ ...whole, guest: { ...record.guest, disks: [{}] } }),
    JSON.stringify({ ...whole, migration: "gone" }),
    JSON.stringify({ ...whole, taps: [1] }),
  ];
  for (const text of damaged) {
    const read = await readRunRecord(memoryFiles({ [path]: text }), path);
    assert.equal(read.ok, false, text);
    assert.match(read.ok ? "" : read.error, /^\/run\/holdfast\/guests\/host1\.json: ./);
  }
});

test("reading is total", async () => {
  await fc.assert(
    fc.asyncProperty(fc.json(), async (json) => {
      const read = await readRunRecord(memoryFiles({ [path]: json }), path);
      assert.equal(read.ok, false);
    }),
  );
});

test("an address is Xen's own, the same on every host, and different for each interface and guest", () => {
  assert.equal(macAddress("host1", 0), macAddress("host1", 0));
  const all = ["host1", "host2"].flatMap((name) => [0, 1, 2].map((i) => macAddress(name, i)));
  assert.equal(new Set(all).size, all.length);
  for (const mac of all) assert.match(mac, /^00:16:3e:[0-7][0-9a-f]:[0-9a-f]{2}:[0-9a-f]{2}$/);
});
