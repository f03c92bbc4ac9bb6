import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { drbdadmMissing } from "../../compat/drbdadm-84.ts";
import { compare } from "./differs.ts";
import { randomDrbdConf, randomHost } from "./random-drbd-conf.ts";

const missing = drbdadmMissing();
const options = missing === undefined ? {} : { skip: missing };

test(
  "random files mean the same to us and to drbdadm of 8.4, or are refused by both",
  options,
  () => {
    const directory = mkdtempSync(path.join(tmpdir(), "holdfast-drbd-grammar-"));
    let accepted = 0;
    fc.assert(
      fc.property(randomDrbdConf, randomHost, (text, host) => {
        const outcome = compare(text, path.join(directory, "drbd.conf"), host);
        if (outcome.accepted) accepted += 1;
        assert.equal(outcome.difference, undefined);
      }),
      { numRuns: 150, seed: 84 },
    );
    rmSync(directory, { recursive: true });
    assert.ok(accepted > 30, `only ${accepted} of them were accepted`);
  },
);
