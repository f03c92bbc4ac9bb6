/**
 * Loaded before each test file: laws are tried on the same inputs in every run of `npm test`, so that it says what a change
 * has done, and not what chance has found. HOLDFAST_TEST_SEED=N tries others, `random` new ones each time, as does
 * `node --test FILE`.
 */
import { readFileSync } from "node:fs";

const seed = process.env["HOLDFAST_TEST_SEED"] ?? "1";
const file = process.argv[1];

// Most files have no laws, and loading fast-check takes longer than their tests.
if (seed !== "random" && file !== undefined && readFileSync(file, "utf8").includes("fast-check")) {
  const { configureGlobal } = await import("fast-check");
  configureGlobal({ seed: Number(seed) });
}
