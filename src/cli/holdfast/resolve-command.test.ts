import assert from "node:assert/strict";
import { test } from "node:test";
import { disk, howtoSnapshot } from "../../../test/cluster/howto-snapshot.ts";
import { type ServedCluster, servedCluster } from "../../../test/cluster/served-cluster.ts";
import { UserError } from "../../api/user-error.ts";
import { holdfast } from "./holdfast.ts";

const saved = [
  {
    ...{ file: "/var/lib/holdfast/undo/r0-0-x.undo", resource: "r0", volume: 0, node: "xen2" },
    ...{ savedAtMs: 0, reason: "split brain resolved: xen1 kept", dataKib: 64 },
  },
];

test("without options the situation is told, and the exit status says whether there is anything to do", async (t) => {
  for (const isSplitBrain of [true, false]) {
    const { run } = await served(t, isSplitBrain);
    const { exit, out } = await run(holdfast, "resolve", "r0");
    assert.equal(exit, isSplitBrain ? 1 : 0);
    assert.match(out, isSplitBrain ? /^r0: split brain/ : /^r0: no split brain/);
  }
});

test("--keep tells each step and where the changes are; --undo asks for them back", async (t) => {
  const { run, asked } = await served(t, true);
  const kept = await run(holdfast, "resolve", "r0", "--keep", "xen1");
  assert.equal(kept.exit, 0);
  assert.match(kept.out, /^xen2 is StandAlone\nWhat was overwritten is in\n {2}xen2:\/var/);
  await run(holdfast, "resolve", "r0", "--undo", "--force");
  assert.deepEqual(
    asked.map(({ method, params }) => [method, (params as { force?: boolean }).force]),
    [
      ["resolve", undefined],
      ["resolve-undo", true],
    ],
  );
});

test("--forget tells each file that is deleted, and not how it comes back", async (t) => {
  const { run, asked } = await served(t, true);
  const { exit, out } = await run(holdfast, "resolve", "r0", "--forget");
  assert.deepEqual([exit, out], [0, "deleted xen2:/var/lib/holdfast/undo/r0-0-x.undo\n"]);
  assert.deepEqual(
    asked.map(({ method }) => method),
    ["resolve-forget"],
  );
});

test("what makes no sense together is refused before anything is asked", async (t) => {
  const { run, asked } = await served(t, true);
  for (const words of [
    [],
    ["r0", "r1"],
    ["r0", "--keep", "xen1", "--undo"],
    ["r0", "--force"],
    ["r0", "--forget", "--undo"],
    ["r0", "--forget", "--keep", "xen1"],
    ["r0", "--forget", "--force"],
    ["r0", "--keep", "xen1", "--force"],
  ]) {
    assert.equal((await run(holdfast, "resolve", ...words)).exit, 64, words.join(" "));
  }
  assert.deepEqual(asked, []);
});

test("a refusal is said with its remedy", async (t) => {
  const { run } = await served(t, true);
  const { exit, err } = await run(holdfast, "resolve", "r0", "--keep", "xen9");
  assert.equal(exit, 1);
  assert.match(err, /r0 has no copy on xen9 \[HF2187\]\n {2}Its nodes are xen1 and xen2/);
});

function served(
  t: Parameters<typeof servedCluster>[0],
  isSplitBrain: boolean,
): Promise<ServedCluster> {
  return servedCluster(t, () => ({
    status: () => howtoSnapshot(),
    "split-brain": () => ({
      drbdResource: "r0",
      takenAtMs: 0,
      isSplitBrain,
      sides: ["xen1", "xen2"].map((node) => ({ node, status: disk("r0"), undo: [] })),
    }),
    resolve: ({ keep }, client) => {
      if (keep === "xen9") {
        throw new UserError("HF2187", "r0 has no copy on xen9", {
          remedy: "Its nodes are xen1 and xen2.",
        });
      }
      client.sendEvent("resolve-step", "xen2 is StandAlone");
      return { saved };
    },
    "resolve-undo": () => ({ saved }),
    "resolve-forget": (_, client) => {
      client.sendEvent("resolve-step", `deleted xen2:${saved[0]?.file}`);
      return { saved };
    },
  }));
}
