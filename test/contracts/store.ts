/**
 * What every Store does (src/ports/store.ts). Run on files, on block devices and on the simulator's disk.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Extent, Store, StoreDone, StoreError } from "../../src/ports/store.ts";

export type StoreFixture = {
  readonly store: Store;
  /** Whether the store knows its holes. */
  readonly tellsHoles: boolean;
  /** Makes the device larger while the store is open. */
  readonly grow: (sizeBytes: number) => void;
  /** Removes what the fixture made; the store is closed by then. */
  remove(): Promise<void>;
};

/** Bytes of the store that `make` is asked for: not a multiple of 4096, to be sure. */
const contractStoreBytes: number = 4 * 1024 * 1024 + 1536;

export function storeContract(
  name: string,
  make: (sizeBytes: number) => Promise<StoreFixture>,
): void {
  const grownBytes = 2 * contractStoreBytes;
  const withStore = async (body: (store: Store, fixture: StoreFixture) => Promise<void>) => {
    const fixture = await make(contractStoreBytes);
    try {
      await body(fixture.store, fixture);
    } finally {
      await done((ended) => fixture.store.close(ended));
      await fixture.remove();
    }
  };

  test(`${name}: what the device has grown by is used from the moment it is measured`, () =>
    withStore(async (store, { grow }) => {
      assert.equal(store.measure(), contractStoreBytes);
      grow(grownBytes);
      assert.equal(store.sizeBytes, contractStoreBytes);
      assert.equal(store.measure(), grownBytes);
      assert.equal(store.sizeBytes, grownBytes);
      const bytes = new Uint8Array(512).fill(7);
      await done((ended) => store.write(grownBytes - 512, bytes, ended));
      assert.deepEqual(await read(store, grownBytes - 512, 512), bytes);
    }));

  test(`${name}: the size is the device's, and all of it reads as zeros at first`, () =>
    withStore(async (store) => {
      assert.equal(store.sizeBytes, contractStoreBytes);
      const bytes = await read(store, 0, store.sizeBytes);
      assert.ok(bytes.every((byte) => byte === 0));
    }));

  test(`${name}: reads see what was written, zeroed and flushed, like a plain array`, () =>
    withStore(async (store) => {
      const model = new Uint8Array(store.sizeBytes);
      await fc.assert(
        fc.asyncProperty(fc.array(operation(store.sizeBytes), { maxLength: 12 }), async (steps) => {
          for (const step of steps) await perform(store, model, step);
          const bytes = await read(store, 0, store.sizeBytes);
          assert.ok(Buffer.from(bytes).equals(model));
        }),
        { numRuns: 30 },
      );
    }));

  test(`${name}: many operations at once all end, each once`, () =>
    withStore(async (store) => {
      const count = 200;
      const ends = new Map<string, number>();
      await new Promise<void>((resolve, reject) => {
        let left = 3 * count;
        const end = (what: string) => (error?: StoreError) => {
          if (error) reject(new Error(error.message));
          ends.set(what, (ends.get(what) ?? 0) + 1);
          if (--left === 0) resolve();
        };
        for (let i = 0; i < count; i++) {
          store.write(i * 4096, new Uint8Array(4096).fill(i + 1), end(`write ${i}`));
          store.flush(end(`flush ${i}`));
          store.writeDurably((count + i) * 4096, new Uint8Array(512).fill(i + 1), end(`d ${i}`));
        }
      });
      assert.equal(ends.size, 3 * count);
      assert.ok([...ends.values()].every((times) => times === 1));
      for (let i = 0; i < count; i++) {
        assert.equal((await read(store, i * 4096, 4096))[4095], (i + 1) & 0xff);
        assert.equal((await read(store, (count + i) * 4096, 512))[511], (i + 1) & 0xff);
      }
    }));

  test(`${name}: the allocation covers the range in order, and what it calls a hole is zero`, () =>
    withStore(async (store, fixture) => {
      await done((ended) => store.write(1024 * 1024, new Uint8Array(65536).fill(1), ended));
      await done((ended) => store.write(3 * 1024 * 1024, new Uint8Array(512).fill(1), ended));
      const range = { offset: 512, lengthBytes: store.sizeBytes - 1024 };
      const extents = await allocation(store, range.offset, range.lengthBytes);
      assertCovers(extents, range);
      for (const extent of extents.filter((one) => one.hole)) {
        const bytes = await read(store, extent.offset, extent.lengthBytes);
        assert.ok(bytes.every((byte) => byte === 0));
      }
      if (fixture.tellsHoles) assert.equal(extents.filter((one) => one.hole).length, 3);
    }));

  test(`${name}: zeroing with mayUnmap gives space back where holes are told`, () =>
    withStore(async (store, fixture) => {
      await done((ended) => store.write(0, new Uint8Array(1024 * 1024).fill(7), ended));
      const range = { offset: 262144, lengthBytes: 262144, mayUnmap: true };
      await done((ended) => store.zero(range, ended));
      if (!fixture.tellsHoles) return;
      assert.deepEqual(await allocation(store, 0, 1024 * 1024), [
        { offset: 0, lengthBytes: 262144, hole: false },
        { offset: 262144, lengthBytes: 262144, hole: true },
        { offset: 524288, lengthBytes: 524288, hole: false },
      ]);
    }));

  test(`${name}: closing waits for what was begun`, async () => {
    const fixture = await make(contractStoreBytes);
    const order: string[] = [];
    fixture.store.flush(() => order.push("flushed"));
    await done((ended) => fixture.store.close(ended));
    order.push("closed");
    assert.deepEqual(order, ["flushed", "closed"]);
    await fixture.remove();
  });
}

type Operation = {
  readonly kind: "write" | "durable" | "zero" | "unmap" | "flush";
  readonly offset: number;
  readonly lengthBytes: number;
  readonly fill: number;
};

function operation(sizeBytes: number): fc.Arbitrary<Operation> {
  const sectors = sizeBytes / 512;
  return fc
    .record({
      kind: fc.constantFrom<Operation["kind"]>("write", "durable", "zero", "unmap", "flush"),
      first: fc.nat(sectors - 1),
      count: fc.integer({ min: 1, max: 600 }),
      fill: fc.integer({ min: 1, max: 255 }),
    })
    .map(({ kind, first, count, fill }) => ({
      kind,
      offset: first * 512,
      lengthBytes: Math.min(count, sectors - first) * 512,
      fill,
    }));
}

async function perform(store: Store, model: Uint8Array, step: Operation): Promise<void> {
  const { offset, lengthBytes } = step;
  const bytes = new Uint8Array(lengthBytes).fill(step.fill);
  switch (step.kind) {
    case "write":
      await done((ended) => store.write(offset, bytes, ended));
      model.set(bytes, offset);
      break;
    case "durable":
      await done((ended) => store.writeDurably(offset, bytes, ended));
      model.set(bytes, offset);
      break;
    case "zero":
    case "unmap": {
      const range = { offset, lengthBytes, mayUnmap: step.kind === "unmap" };
      await done((ended) => store.zero(range, ended));
      model.fill(0, offset, offset + lengthBytes);
      break;
    }
    case "flush":
      await done((ended) => store.flush(ended));
      break;
  }
}

function assertCovers(
  extents: readonly Extent[],
  range: { readonly offset: number; readonly lengthBytes: number },
): void {
  let at = range.offset;
  for (const extent of extents) {
    assert.equal(extent.offset, at);
    assert.ok(extent.lengthBytes > 0);
    at += extent.lengthBytes;
  }
  assert.equal(at, range.offset + range.lengthBytes);
}

async function read(store: Store, offset: number, lengthBytes: number): Promise<Uint8Array> {
  const into = new Uint8Array(lengthBytes).fill(0xee);
  await done((ended) => store.read(offset, into, ended));
  return into;
}

function allocation(store: Store, offset: number, lengthBytes: number): Promise<readonly Extent[]> {
  return new Promise((resolve, reject) => {
    store.allocation(offset, lengthBytes, (error, extents) => {
      if (error) reject(new Error(error.message));
      else resolve(extents);
    });
  });
}

function done(start: (ended: StoreDone) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => (error ? reject(new Error(`${error.code}: ${error.message}`)) : resolve()));
  });
}
