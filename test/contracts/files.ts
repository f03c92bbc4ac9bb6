/** What every implementation of Files keeps (ports/files.ts). `make` also gives an empty directory of its own. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Files } from "../../src/ports/files.ts";

export function filesContract(
  name: string,
  make: () => Promise<{ readonly files: Files; readonly directory: string }>,
): void {
  test(`${name}: what was written is read, as a whole and after being replaced`, async () => {
    const { files, directory } = await make();
    await files.write(`${directory}/a`, "first, and long\n");
    await files.write(`${directory}/a`, "höst €");
    assert.equal(await files.read(`${directory}/a`), "höst €");
  });

  test(`${name}: what is not there reads as undefined, lists as nothing, and can be removed`, async () => {
    const { files, directory } = await make();
    assert.equal(await files.read(`${directory}/none`), undefined);
    assert.equal(await files.read(`${directory}/no/where`), undefined);
    assert.deepEqual(await files.list(`${directory}/no/where`), []);
    await files.remove(`${directory}/none`);
  });

  test(`${name}: a write makes the directories that are missing`, async () => {
    const { files, directory } = await make();
    await files.write(`${directory}/run/guests/host1.json`, "{}");
    assert.deepEqual(await files.list(`${directory}/run/guests`), ["host1.json"]);
  });

  test(`${name}: the list is sorted and forgets what was removed`, async () => {
    const { files, directory } = await make();
    for (const file of ["b", "a", "c", "B"]) await files.write(`${directory}/${file}`, file);
    await files.remove(`${directory}/c`);
    assert.deepEqual(await files.list(directory), ["B", "a", "b"]);
  });

  test(`${name}: of writes at the same time the file holds one, whole`, async () => {
    const { files, directory } = await make();
    const texts = Array.from({ length: 8 }, (_, i) => `${i}`.repeat(10_000));
    await Promise.all(texts.map((text) => files.write(`${directory}/a`, text)));
    assert.ok(texts.includes((await files.read(`${directory}/a`)) ?? ""));
    assert.deepEqual(await files.list(directory), ["a"]);
  });

  test(`${name}: what is in the way of a file is an error that names the path`, async () => {
    const { files, directory } = await make();
    await files.write(`${directory}/a/b`, "");
    await assert.rejects(files.read(`${directory}/a`), /EISDIR|directory/);
    await assert.rejects(files.write(`${directory}/a`, ""), new RegExp(`${directory}/`));
    assert.deepEqual(await files.list(`${directory}/a`), ["b"]);
  });
}
