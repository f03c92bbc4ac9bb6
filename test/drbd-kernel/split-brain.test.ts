/** Two Primaries while apart: what the policies make of it, the same on both sides or not at all. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { PacketType } from "../../src/formats/drbd/packet-type.ts";
import type { KernelPair } from "./kernel-pair.ts";
import { kernelPeer } from "./kernel-peer.ts";
import type { Side } from "./wire-tap.ts";

const peer = kernelPeer();
const { skip } = peer;

type Story = {
  /** Options of both sides' `net { }`. */
  readonly policies: string;
  /** Who was Primary when they parted; the other is promoted later. */
  readonly older?: Side;
  /** Blocks of 4 KiB that each writes alone. */
  readonly ours: number;
  readonly kernel: number;
  /** Who is still Primary when they meet. */
  readonly primaries?: readonly Side[];
  /** The generation that both began from is in our history only: DRBD cannot tell who has changed what. */
  readonly isAmbiguous?: true;
  /** Whose data both have in the end; undefined when the two stay apart. */
  readonly winner: Side | undefined;
  /**
   * The handler that the kernel runs. A Primary of 8.4 that is to give up never manages to while it connects; its
   * pri-lost-after-sb is expected to reboot the node.
   */
  readonly kernelCalls?: string;
};

const withoutPrimary: readonly Story[] = [
  { policies: "after-sb-0pri disconnect;", ours: 1, kernel: 2, winner: undefined },
  {
    policies: "after-sb-0pri discard-younger-primary;",
    ...{ older: "kernel", ours: 5, kernel: 1, winner: "kernel" },
  },
  {
    policies: "after-sb-0pri discard-older-primary;",
    ...{ older: "kernel", ours: 1, kernel: 5, winner: "ours" },
  },
  {
    policies: "after-sb-0pri discard-younger-primary;",
    ...{ older: "ours", ours: 1, kernel: 5, winner: "ours" },
  },
  { policies: "after-sb-0pri discard-zero-changes;", ours: 0, kernel: 2, winner: "kernel" },
  { policies: "after-sb-0pri discard-zero-changes;", ours: 2, kernel: 0, winner: "ours" },
  { policies: "after-sb-0pri discard-zero-changes;", ours: 1, kernel: 2, winner: undefined },
  { policies: "after-sb-0pri discard-least-changes;", ours: 2, kernel: 5, winner: "kernel" },
  { policies: "after-sb-0pri discard-least-changes;", ours: 5, kernel: 2, winner: "ours" },
  { policies: "after-sb-0pri discard-node-one;", ours: 5, kernel: 2, winner: "kernel" },
  { policies: "after-sb-0pri discard-node-two;", ours: 2, kernel: 5, winner: "ours" },
  {
    policies: "after-sb-0pri discard-least-changes;",
    ...{ ours: 5, kernel: 2, isAmbiguous: true, winner: undefined },
  },
  {
    policies: "after-sb-0pri discard-least-changes; always-asbp;",
    ...{ ours: 5, kernel: 2, isAmbiguous: true, winner: "ours" },
  },
  {
    policies: "after-sb-0pri discard-least-changes; always-asbp;",
    ...{ ours: 2, kernel: 5, isAmbiguous: true, winner: "kernel" },
  },
];

const least = "after-sb-0pri discard-least-changes;";
const withOnePrimary: readonly Story[] = [
  {
    policies: `${least} after-sb-1pri disconnect;`,
    ...{ ours: 1, kernel: 2, primaries: ["kernel"], winner: undefined },
  },
  {
    policies: `${least} after-sb-1pri consensus;`,
    ...{ ours: 1, kernel: 2, primaries: ["kernel"], winner: "kernel" },
  },
  {
    policies: `${least} after-sb-1pri consensus;`,
    ...{ ours: 1, kernel: 2, primaries: ["ours"], winner: undefined },
  },
  {
    policies: `${least} after-sb-1pri discard-secondary;`,
    ...{ ours: 1, kernel: 2, primaries: ["ours"], winner: "ours" },
  },
  {
    policies: `${least} after-sb-1pri discard-secondary;`,
    ...{ ours: 2, kernel: 1, primaries: ["kernel"], winner: "kernel" },
  },
  {
    policies: `${least} after-sb-1pri violently-as0p;`,
    ...{ ours: 2, kernel: 1, primaries: ["ours"], winner: "ours" },
  },
  {
    policies: `${least} after-sb-1pri call-pri-lost-after-sb;`,
    ...{ ours: 1, kernel: 2, primaries: ["ours"], winner: "kernel" },
  },
  {
    policies: `${least} after-sb-1pri call-pri-lost-after-sb;`,
    ...{
      ours: 2,
      kernel: 1,
      primaries: ["kernel"],
      winner: undefined,
      kernelCalls: "pri-lost-after-sb",
    },
  },
];

const withTwoPrimaries: readonly Story[] = [
  {
    policies: `${least} after-sb-2pri disconnect;`,
    ...{ ours: 1, kernel: 2, primaries: ["ours", "kernel"], winner: undefined },
  },
  {
    policies: `${least} after-sb-2pri call-pri-lost-after-sb;`,
    ...{ ours: 1, kernel: 2, primaries: ["ours", "kernel"], winner: undefined },
  },
  {
    policies: `${least} after-sb-2pri call-pri-lost-after-sb;`,
    ...{ ours: 2, kernel: 1, primaries: ["ours", "kernel"], winner: undefined },
  },
  // Outside the window of a migration we never meet a second Primary (docs/adr/0005).
  {
    policies: `${least} after-sb-2pri violently-as0p; rr-conflict violently; allow-two-primaries;`,
    ...{ ours: 2, kernel: 1, primaries: ["ours", "kernel"], winner: undefined },
  },
];

tell("nobody is Primary when they meet", withoutPrimary);
tell("one is Primary when they meet", withOnePrimary);
tell("both are Primary when they meet", withTwoPrimaries);

function tell(title: string, stories: readonly Story[]): void {
  test(`a split brain, and ${title}`, { skip }, async (t) => {
    await peer.with({ limitMs: 480_000 }, async (pair) => {
      await pair.bringUp();
      for (const story of stories) {
        await t.test(nameOf(story), async () => {
          await part(pair, story);
          await meet(pair, story);
        });
        if (story.winner === undefined) await recover(pair);
        else await demote(pair);
      }
    });
  });
}

function nameOf(story: Story): string {
  const { policies, older, ours, kernel, primaries = [], isAmbiguous, winner } = story;
  const lost = isAmbiguous === true ? ", of no common generation" : "";
  const were = older === undefined ? "" : `, ${older} was Primary first`;
  const are = primaries.length === 0 ? "" : `, ${primaries.join(" and ")} Primary`;
  const end = winner === undefined ? "they stay apart" : `${winner} wins`;
  return `${policies} ours changed ${ours}, the kernel ${kernel}${lost}${were}${are}: ${end}`;
}

/** From in sync to a split brain. */
async function part(pair: KernelPair, story: Story): Promise<void> {
  const { ours, kernel } = pair;
  const { older, primaries = [] } = story;
  if (older === "kernel") await kernel.drbdadm("primary");
  if (older === "ours") await ours.ask("primary");
  await disconnect(pair);
  await kernel.drbdadm("primary");
  if (story.kernel > 0) {
    await kernel.write({ offset: "1M", blockSize: "4k", count: story.kernel });
  }
  await ours.ask("primary");
  if (story.ours > 0) await pair.io(`write -P 9 2M ${story.ours * 4}k`, "flush");
  if (!primaries.includes("kernel")) await kernel.drbdadm("secondary");
  if (!primaries.includes("ours")) await ours.ask("secondary");
  if (story.isAmbiguous === true) await ours.ask("new-current-uuid", { volume: 0 });
}

async function meet(pair: KernelPair, { policies, winner, kernelCalls }: Story): Promise<void> {
  const { ours, kernel, tap } = pair;
  await pair.configureKernel({ net: policies });
  await ours.adjust(pair.oursOptions({ net: policies }));
  tap.clear();
  await ours.ask("connect");
  await kernel.drbdadm("connect");
  if (winner === undefined) {
    await pair.oneIsAlone();
    assert.equal(sources(pair), "");
    if (kernelCalls !== undefined)
      assert.ok((await kernel.log()).includes(`${kernelCalls} minor-0`));
    return;
  }
  await pair.inSync();
  assert.equal(sources(pair), winner);
  await pair.assertSameData();
}

/** Whoever it was, the kernel's data are kept, as by the how-to for a split brain that no policy has solved. */
async function recover(pair: KernelPair): Promise<void> {
  const { ours, kernel } = pair;
  await disconnect(pair);
  await demote(pair);
  await pair.configureKernel({});
  await ours.adjust(pair.oursOptions({}));
  await ours.ask("connect", { discardMyData: true });
  await kernel.drbdadm("connect");
  await pair.inSync();
  await pair.assertSameData();
}

async function demote({ ours, kernel }: KernelPair): Promise<void> {
  await kernel.attempt("secondary");
  await ours.ask("secondary");
}

async function disconnect({ ours, kernel }: KernelPair): Promise<void> {
  await ours.ask("disconnect");
  await kernel.disconnect();
}

/** Who was SyncSource. */
function sources({ tap }: KernelPair): string {
  const sides: readonly Side[] = ["kernel", "ours"];
  return sides.filter((side) => tap.sent(side, PacketType.SyncUuid).length > 0).join(", ");
}
