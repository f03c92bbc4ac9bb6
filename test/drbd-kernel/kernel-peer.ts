/** The guest with the kernel's DRBD for a test file: booted once, and a fresh resource for every test. */
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { guestImageLacks } from "../../lab/drbd-kernel/guest-image.ts";
import { findGuestKernel } from "../../lab/guest/guest-kernel.ts";
import { missingProgram } from "../disk/programs.ts";
import { KernelNode } from "./kernel-node.ts";
import { KernelPair, type PairChoices, sizeBytes } from "./kernel-pair.ts";

/** A test that waits for a state that never comes ends after this, and says what was seen. */
const testLimitMs = 240_000;

export type TestChoices = PairChoices & {
  /** For a test of many steps. */
  readonly limitMs?: number;
};

export type KernelPeer = {
  /** For node:test: false, or a sentence that says what this machine lacks. */
  readonly skip: string | false;
  with(choices: TestChoices, body: (pair: KernelPair) => Promise<void>): Promise<void>;
};

/** To be called at the top of a test file. */
export function kernelPeer(): KernelPeer {
  const skip = lacks();
  const kernel = skip === false ? new KernelNode(sizeBytes) : undefined;
  before(() => kernel?.boot());
  after(() => kernel?.end());
  return {
    skip,
    with: async (choices, body) => {
      assert.ok(kernel !== undefined, "a test that is not skipped");
      const pair = await KernelPair.make(kernel, choices);
      try {
        await Promise.race([body(pair), limit(choices.limitMs ?? testLimitMs)]);
      } catch (error) {
        process.stderr.write(`${await pair.report()}\n`);
        throw error;
      } finally {
        await pair.close();
      }
    },
  };
}

function lacks(): string | false {
  try {
    findGuestKernel();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return (
    guestImageLacks() || missingProgram("qemu-system-x86_64", "qemu-io", "nbdcopy", "drbdmeta")
  );
}

async function limit(limitMs: number): Promise<never> {
  await sleep(limitMs, undefined, { ref: false });
  throw new Error(`not done after ${limitMs / 1000} s`);
}
