import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import path from "node:path";
import { test } from "node:test";
import { freePort } from "./free-port.ts";

test("nobody is given a port that somebody else was given, who does not listen on it yet", async () => {
  const given = await Promise.all(Array.from({ length: 400 }, freePort));
  const file = path.join(import.meta.dirname, "free-port.ts");
  const script = `import { freePort } from ${JSON.stringify(file)};
    console.log(JSON.stringify(await Promise.all(Array.from({ length: 400 }, freePort))));`;
  const words = ["--input-type=module", "-e", script];
  const others = JSON.parse(
    execFileSync(process.execPath, words, { encoding: "utf8" }),
  ) as number[];
  assert.equal(new Set([...given, ...others]).size, 800);
});
