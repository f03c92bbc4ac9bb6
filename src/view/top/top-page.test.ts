import assert from "node:assert/strict";
import { test } from "node:test";
import { disk, howtoSnapshot, takenAtMs } from "../../../test/cluster/howto-snapshot.ts";
import type { DiskResourceStatus } from "../../api/disk-status.ts";
import type { TimeTexts } from "../cluster/time-texts.ts";
import { type TopFacts, type TopOptions, type TopPage, topPage } from "./top-page.ts";
import { ratesOf, sampleOf } from "./volume-rates.ts";

/** UTC, so that the page is the same everywhere. */
const times: TimeTexts = {
  full: (ms) => new Date(ms).toISOString(),
  short: (ms) => new Date(ms).toISOString().slice(11, 19),
  iso: (ms) => new Date(ms).toISOString(),
};

const whole = disk("host1_root", {});
const syncing = disk("host2_root", {
  connectionState: "SyncTarget",
  disk: "Inconsistent",
  resync: {
    totalKib: 8 * 1024 * 1024,
    leftKib: 6 * 1024 * 1024,
    elapsedMs: 20_000,
    pausedMs: 0,
    rateKibPerS: 102_400,
    averageKibPerS: 100_000,
    wantedKibPerS: 102_400,
    stalled: false,
    limit: "capped by c-max-rate",
  },
});

test("nodes, guests and volumes on one screen, with what a resync waits for", () => {
  assert.equal(
    page([whole, syncing]).text,
    `HEALTHY  2 nodes online, 2 resources running, all 4 disks have two good copies; 2 volumes, 2009-04-08T21:08:56.000Z

Nodes
  xen1   online            this node       runs 1 resource
  xen2   online, decides   heard on eth0   runs 1 resource

Guests
  host1   runs on xen1   since 20:08:56   two good copies
  host2   runs on xen2   since 20:08:56   two good copies

  VOLUME       ROLE                DISK                    CONNECTION   WRITES       READS        NET          OUT OF SYNC
  host1_root   Primary/Secondary   UpToDate/UpToDate       Connected    -            -            -            -
  host2_root   Secondary/Primary   Inconsistent/UpToDate   SyncTarget   -            -            -            -
      [====>...............] 25.0 %  6 GiB of 8 GiB left, 0:01:01 at 100 MiB/s, capped by c-max-rate
`,
  );
});

test("without holdfastd the disk servers alone are shown, and that is said", () => {
  const { text } = page([whole], { snapshot: undefined });
  assert.match(text, /^holdfastd does not answer: 1 volume of this host, /);
  assert.match(text, /\n {2}host1_root {3}Primary/);
  assert.match(page([], { snapshot: undefined }).text, /No DRBD resource is up on this host/);
});

test("rates are what the counters have grown by in a second", () => {
  const [volume] = whole.volumes;
  assert.ok(volume !== undefined);
  const later = disk("host1_root", {
    counters: { ...volume.counters, writtenKib: volume.counters.writtenKib + 3072, sentKib: 2048 },
  });
  const [before, now] = [sampleOf([whole], 1000), sampleOf([later], 3000)];
  const rates = (name: string) => ratesOf(name, before, now);
  assert.equal(rates("host1_root/0")?.writeKibPerS, 1536);
  assert.match(page([later], { rates }).text, / {3}1\.5 MiB\/s {4}- /);
  assert.equal(ratesOf("host1_root/0", undefined, now), undefined);
  // A disk that was attached anew counts from zero.
  assert.equal(ratesOf("host1_root/0", now, { ...before, atMs: 5000 })?.writeKibPerS, 0);
});

test("volumes are in the order that was asked for, and the well ones can be left out", () => {
  const busy = (name: string) => ({
    writeKibPerS: name.startsWith("host3") ? 10 : 0,
    readKibPerS: 0,
    netKibPerS: 0,
  });
  const all = [whole, syncing, disk("host3_root", {})];
  assert.deepEqual(names(page(all)), ["host1_root", "host2_root", "host3_root"]);
  assert.deepEqual(names(page(all, { rates: busy }, { sort: "activity" }))[0], "host3_root");
  assert.deepEqual(names(page(all, {}, { sort: "trouble" }))[0], "host2_root");
  assert.deepEqual(names(page(all, {}, { onlyTroubled: true })), ["host2_root"]);
  const none = page([whole], {}, { onlyTroubled: true }).text;
  assert.match(none, /Nothing is wrong with any volume/);
});

test("what does not fit is scrolled, and the screen is never left by it", () => {
  const all = Array.from({ length: 30 }, (_, i) => disk(`r${i + 10}`, {}));
  for (const rows of [5, 12, 24, 60]) {
    const first = page(all, {}, { rows });
    assert.ok(first.text.split("\n").length - 1 <= rows, `${rows} rows`);
    assert.equal(names(first)[0], "r10");
    const last = page(all, {}, { rows, offset: first.offsetMax });
    assert.equal(names(last).at(-1), "r39");
    assert.deepEqual(page(all, {}, { rows, offset: 1000 }).text, last.text);
  }
});

function page(
  statuses: readonly DiskResourceStatus[],
  facts: Partial<TopFacts> = {},
  options: Partial<TopOptions> = {},
): TopPage {
  return topPage(
    {
      atMs: takenAtMs,
      snapshot: howtoSnapshot(),
      statuses,
      rates: () => undefined,
      ...facts,
    },
    {
      rows: 40,
      offset: 0,
      sort: "name",
      onlyTroubled: false,
      paint: (text) => text,
      times,
      ...options,
    },
  );
}

function names({ text }: TopPage): readonly string[] {
  return [...text.matchAll(/^ {2}(\S+) +(?:Primary|Secondary)\//gm)].map((match) => match[1] ?? "");
}
