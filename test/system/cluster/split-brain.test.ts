/** A split brain, as an operator meets it: both servers are there again, and one has to say whose writes are given up. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { runOnHost } from "../../../lab/lab.ts";
import { testLab } from "../lab/test-lab.ts";
import { prepareCluster, noCluster as skip, untilPrints, webGuest } from "./cluster-lab.ts";

const lab = testLab();

test("holdfast resolve tells what happened, ends it on both servers, and takes it back", {
  skip,
}, async () => {
  await prepareCluster(lab, [webGuest]);
  await lab.sh("xen2", "drbdadm disconnect web_root");
  await lab.sh("xen1", "drbdadm primary web_root && yes one | dd of=/dev/drbd0 bs=4k count=16");
  await lab.sh("xen1", "drbdadm secondary web_root");
  await lab.sh(
    "xen2",
    "drbdadm primary --force web_root && yes two | dd of=/dev/drbd0 bs=4k count=8",
  );
  await lab.sh("xen2", "drbdadm secondary web_root");
  await lab.sh("xen2", "drbdadm connect web_root");
  await untilPrints(lab, "xen1", "drbdadm cstate web_root", /StandAlone/);

  const told = await runOnHost(lab.name, "xen1", ["holdfast", "resolve", "web_root"]);
  assert.equal(told.code, 1, "for scripts: something is to be done");
  assert.match(told.stdout, /^web_root: split brain, apart for [^,]+, since /);
  assert.match(told.stdout, /xen1: Secondary, StandAlone\n {4}\w+, has changed 64 KiB/);
  assert.match(told.stdout, /Primary from \S+ to /);
  assert.match(told.stdout, /holdfast resolve web_root --keep xen2/);
  assert.match(await lab.sh("xen1", "holdfast status"), /web_root is in split brain, apart for/);

  const copy = "dd if=/dev/drbd0 bs=4k count=16 | md5sum";
  const done = await lab.sh("xen1", "holdfast resolve web_root --keep xen2");
  assert.match(done, /saved 64 KiB of xen1 to \/var\/lib\/holdfast\/undo\/web_root-0-/);
  await untilPrints(lab, "xen1", "drbdadm dstate web_root", /^UpToDate\/UpToDate$/m);
  const two = await lab.sh(
    "xen1",
    `drbdadm primary web_root && ${copy}; drbdadm secondary web_root`,
  );
  await lab.sh("xen2", "holdfast resolve web_root --undo");
  const one = await lab.sh(
    "xen2",
    `drbdadm primary web_root && ${copy}; drbdadm secondary web_root`,
  );
  assert.notEqual(one, two);
  await lab.sh("xen2", "holdfast resolve web_root --undo");
  const again = await lab.sh(
    "xen2",
    `drbdadm primary web_root && ${copy}; drbdadm secondary web_root`,
  );
  assert.equal(again, two, "an undo can be undone");
  assert.match(
    await lab.sh("xen1", "holdfast resolve web_root"),
    /^web_root: no split brain\n[\s\S]*Saved changes/,
  );
});
