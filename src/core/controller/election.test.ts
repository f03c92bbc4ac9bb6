import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { chooseDc, sameDc } from "./election.ts";
import { announce, readStanding } from "./standing.ts";
import type { Member, Standing } from "./types.ts";

const names = ["xen1", "xen2", "xen3"];

test("of those who may, the newest configuration becomes the DC, then who knows the status, then the lower name", () => {
  const rows: [string, Partial<Standing>, Partial<Standing>][] = [
    ["xen1", {}, {}],
    ["xen2", {}, { generation: { adminEpoch: 0, epoch: 2, term: 1 } }],
    ["xen2", {}, { seasoned: true }],
    ["xen1", { seasoned: true }, { seasoned: true }],
    ["xen1", { generation: { adminEpoch: 1, epoch: 0, term: 0 } }, { seasoned: true }],
    ["xen2", { settled: false }, {}],
  ];
  for (const [winner, one, two] of rows) {
    const members = [member("xen1", one), member("xen2", two)];
    const choices = ["xen1", "xen2"].map((self) => chooseDc(self, members, []));
    const [first, second] = winner === "xen1" ? choices : [...choices].reverse();
    assert.equal(first?.kind, "become-dc", winner);
    assert.deepEqual(second, { kind: "wait", for: winner });
  }
});

test("nobody who has not met all, or waited for them, becomes the DC", () => {
  const members = [member("xen1", { settled: false }), member("xen2", { settled: false })];
  assert.deepEqual(chooseDc("xen1", members, []), { kind: "wait", for: undefined });
});

test("who is the DC stays it, against a better candidate; of two the better one is obeyed, by both", () => {
  const one = dc("xen1", 3, { generation: { adminEpoch: 0, epoch: 1, term: 3 } });
  const newer = { generation: { adminEpoch: 0, epoch: 9, term: 1 } };
  for (const self of ["xen1", "xen2"]) {
    const choice = chooseDc(self, [one, member("xen2", newer)], []);
    assert.ok(choice.kind === "obey" && choice.dc.name === "xen1");
  }
  const two = dc("xen2", 1, newer);
  for (const self of ["xen1", "xen2"]) {
    const choice = chooseDc(self, [one, two], []);
    assert.ok(choice.kind === "obey" && choice.dc.name === "xen2");
  }
});

test("what a node said as the DC before its restart is no claim", () => {
  const stale = { ...dc("xen1", 3, {}), incarnation: 99n };
  const choice = chooseDc("xen2", [stale, member("xen2", {})], []);
  assert.deepEqual(choice, { kind: "wait", for: "xen1" });
});

test("a new DC takes a term above all that it has seen", () => {
  const seen = member("xen2", { obeys: { name: "xen3", incarnation: 3n, term: 7 } });
  assert.deepEqual(chooseDc("xen1", [member("xen1", {}), seen], [5]), {
    kind: "become-dc",
    term: 8,
  });
});

test("all who see the same choose the same, and at most one becomes the DC", () => {
  fc.assert(
    fc.property(fc.array(anyStanding(), { minLength: 3, maxLength: 3 }), (standings) => {
      const members = names.map((name, i) => member(name, claimOf(name, standings[i])));
      const choices = names.map((self) => chooseDc(self, members, []));
      const becoming = choices.filter((choice) => choice.kind === "become-dc");
      assert.ok(becoming.length <= 1);
      const obeyed = choices.flatMap((choice) => (choice.kind === "obey" ? [choice.dc] : []));
      assert.ok(obeyed.every((each) => sameDc(each, obeyed[0])));
      assert.ok(obeyed.length === 0 || obeyed.length === names.length);
      const awaited = choices.flatMap((choice) => (choice.kind === "wait" ? [choice.for] : []));
      assert.ok(awaited.every((each) => each === awaited[0]));
    }),
  );
});

test("a standing is read from an announcement as it was said", () => {
  fc.assert(
    fc.property(anyStanding(), (standing) => {
      assert.deepEqual(readStanding(announce(standing, names), names), standing);
    }),
  );
});

test("an announcement that is none says nothing", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(..."mngfditl"), fc.string()), (record) => {
      readStanding(record, names);
    }),
  );
  assert.equal(readStanding({}, names), undefined);
});

function member(name: string, standing: Partial<Standing>): Member {
  return {
    name,
    incarnation: BigInt(names.indexOf(name) + 1),
    standing: {
      ...{ count: 1, generation: { adminEpoch: 0, epoch: 1, term: 1 }, seasoned: false },
      ...{ settled: true, obeys: undefined, members: [], load: undefined, ...standing },
    },
  };
}

function dc(name: string, term: number, standing: Partial<Standing>): Member {
  const incarnation = BigInt(names.indexOf(name) + 1);
  return member(name, { ...standing, obeys: { name, incarnation, term } });
}

/** Who claims to be a DC claims it in its own incarnation. */
function claimOf(name: string, standing: Standing | undefined): Partial<Standing> {
  const incarnation = BigInt(names.indexOf(name) + 1);
  const obeys = standing?.obeys && { ...standing.obeys, incarnation };
  return { ...standing, obeys };
}

function anyStanding(): fc.Arbitrary<Standing> {
  const small = fc.integer({ min: 0, max: 3 });
  const plain = { noNullPrototype: true } as const;
  const id = fc.record(
    {
      name: fc.constantFrom(...names),
      incarnation: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      term: small,
    },
    plain,
  );
  return fc.record(
    {
      count: small,
      generation: fc.record({ adminEpoch: small, epoch: small, term: small }, plain),
      seasoned: fc.boolean(),
      settled: fc.boolean(),
      obeys: fc.option(id, { nil: undefined }),
      members: fc.subarray(names),
      load: fc.option(
        fc.record(
          {
            level: fc.constantFrom(0, 1, 2, 3),
            operationsMax: fc.integer({ min: 1, max: 999_999 }),
          },
          plain,
        ),
        { nil: undefined },
      ),
    },
    plain,
  );
}
