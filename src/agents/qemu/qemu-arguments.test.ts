import assert from "node:assert/strict";
import { test } from "node:test";
import { simulatedGuest } from "../../../sim/guests/simulated-guests.ts";
import { type QemuPlan, qemuArguments, qemuMarker } from "./qemu-arguments.ts";
import { runPaths } from "./run-paths.ts";
import { tapName } from "./tap.ts";

const paths = runPaths({ run: "/run/holdfast/guests", log: "/var/log/holdfast" }, "host1");

function plan(changes: Partial<QemuPlan> = {}): QemuPlan {
  return {
    guest: simulatedGuest("host1", ["host1_root", "host1_swap"]),
    paths,
    machine: "pc-q35-7.2",
    accelerator: "tcg",
    taps: [],
    volume: (resource) => ({ socketPath: `/run/holdfast/nbd/${resource}-0.sock`, exportName: "0" }),
    arriving: false,
    ...changes,
  };
}

/** The values of an option, in order. */
function valuesOf(args: readonly string[], option: string): readonly string[] {
  return args.filter((_, i) => args[i - 1] === option);
}

test("a guest's QEMU is found among all processes by its own command line, and no other guest's is", () => {
  assert.ok(`qemu-system-x86_64 ${qemuArguments(plan()).join(" ")}`.includes(qemuMarker(paths)));
  const other = runPaths({ run: "/run/holdfast/guests", log: "/var/log/holdfast" }, "host11");
  const guest = simulatedGuest("host11", []);
  assert.ok(
    !qemuArguments(plan({ guest, paths: other }))
      .join(" ")
      .includes(qemuMarker(paths)),
  );
});

test("disks keep their order and slots, pause the guest when they fail, and tell their old names", () => {
  const args = qemuArguments(plan());
  const disks = valuesOf(args, "-device")
    .map((text) => JSON.parse(text) as Record<string, string>)
    .filter(({ driver }) => driver === "virtio-blk-pci");
  assert.deepEqual(
    disks.map(({ id, addr, serial, werror, rerror }) => [id, addr, serial, werror, rerror]),
    [
      ["disk0", "0x3", "xvda", "stop", "stop"],
      ["disk1", "0x4", "xvdb", "stop", "stop"],
    ],
  );
  const [first] = valuesOf(args, "-blockdev").map((text) => JSON.parse(text) as unknown);
  assert.deepEqual(first, {
    "node-name": "volume0",
    "read-only": false,
    discard: "unmap",
    driver: "nbd",
    server: { type: "unix", path: "/run/holdfast/nbd/host1_root-0.sock" },
    export: "0",
    "reconnect-delay": 60,
  });
});

test("devices and files beside replicated disks", () => {
  const guest = {
    ...simulatedGuest("host1", []),
    disks: [
      { vdev: "xvda", readOnly: false, source: { kind: "device", path: "/dev/vg/a" } },
      { vdev: "hdc", readOnly: true, source: { kind: "file", path: "/d,e.iso", format: "raw" } },
      { vdev: "xvdb", readOnly: false, source: { kind: "file", path: "/d.q", format: "qcow2" } },
    ],
  } as const;
  const [device, iso, image] = valuesOf(qemuArguments(plan({ guest })), "-blockdev").map(
    (text) => JSON.parse(text) as Record<string, unknown>,
  );
  assert.deepEqual([device?.["driver"], device?.["filename"]], ["host_device", "/dev/vg/a"]);
  assert.deepEqual([iso?.["filename"], iso?.["read-only"]], ["/d,e.iso", true]);
  assert.deepEqual(
    [image?.["driver"], image?.["file"]],
    ["qcow2", { driver: "file", filename: "/d.q" }],
  );
});

test("a machine that waits for a memory differs in nothing but that it waits", () => {
  const running = qemuArguments(plan());
  const waiting = qemuArguments(plan({ arriving: true }));
  assert.deepEqual(waiting, [...running, "-S", "-incoming", "defer"]);
});

test("network interfaces have their tap and address, and a comma in a path stays in it", () => {
  const guest = {
    ...simulatedGuest("host1", []),
    nics: [{ mac: "00:16:3e:01:02:03", bridge: "xenbr0" }],
  };
  const comma = runPaths({ run: "/run/a,b", log: "/var/log" }, "host1");
  const args = qemuArguments(plan({ guest, taps: ["hf-host1-0"], paths: comma }));
  assert.deepEqual(valuesOf(args, "-netdev"), [
    "tap,id=net0,ifname=hf-host1-0,script=no,downscript=no",
  ]);
  assert.ok(valuesOf(args, "-chardev").every((value) => value.includes("/run/a,,b/")));
  assert.throws(() => qemuArguments(plan({ guest })));
});

test("what a guest does at a panic and at a reboot is what its domain file says", () => {
  const base = simulatedGuest("host1", []);
  const action = (guest: typeof base): string | undefined =>
    valuesOf(qemuArguments(plan({ guest })), "-action")[0];
  assert.equal(action(base), "panic=shutdown,reboot=reset");
  assert.equal(
    action({ ...base, onCrash: "preserve", onReboot: "destroy" }),
    "panic=pause,reboot=shutdown",
  );
});

test("an interface's name fits, and is one guest's only", () => {
  assert.equal(tapName("host1", 0), "hf-host1-0");
  const long = tapName("a-guest-with-a-long-name", 11);
  assert.match(long, /^hf-[0-9a-f]{8}-11$/);
  assert.notEqual(long, tapName("a-guest-with-a-long-namf", 11));
});
