import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import type { LabStatus } from "../lab-status.ts";
import { bytesText, statusText } from "./print-status.ts";

const status: LabStatus = {
  name: "lab",
  dir: "/var/lib/holdfast-lab/lab",
  hosts: [
    {
      name: "xen1",
      power: "on",
      address: "10.0.0.1",
      managementAddress: "10.99.0.1",
      processes: 14,
      volumes: [
        { name: "host1-root", sizeBytes: 10 * 2 ** 30, usedBytes: 3.5 * 2 ** 20 },
        { name: "host1-swap", sizeBytes: 2 ** 30, usedBytes: 0 },
      ],
      console: "/x/console.log",
    },
    {
      name: "xen2",
      power: "off",
      address: "10.0.0.2",
      managementAddress: "10.99.0.2",
      processes: 0,
      volumes: [],
      console: "/y/console.log",
    },
  ],
  cuts: [
    { host: "xen1", direction: "both", management: true },
    { host: "xen1", from: "xen2", direction: "hears", management: false },
  ],
  client: "10.0.0.254",
  powerSwitch: { address: "10.99.0.254:4661", answers: false },
};

test("the status of a lab is one page", () => {
  assert.equal(
    statusText(status, false),
    `Lab "lab" in /var/lib/holdfast-lab/lab

HOST   POWER   ETH0        PROCESSES  VOLUMES IN /dev/xenhostfs
xen1   on      10.0.0.1    14         host1-root 10 GiB (3.5 MiB used)
                                      host1-swap 1 GiB (0 B used)
xen2   off     10.0.0.2    -          none

Network       xen1 is cut from everyone, management network too
              xen1 does not hear xen2
Client        10.0.0.254
Power switch  10.99.0.254:4661 on the management network, not running
Consoles      /var/lib/holdfast-lab/lab/hosts/HOST/console.log
`,
  );
});

test("colours change nothing but colours", () => {
  const coloured = statusText(status, true);
  assert.notEqual(coloured, statusText(status, false));
  assert.equal(stripVTControlCharacters(coloured), statusText(status, false));
});

test("sizes are told as people read them", () => {
  const cases = [
    [0, "0 B"],
    [1023, "1023 B"],
    [1536, "1.5 KiB"],
    [10 * 2 ** 30, "10 GiB"],
    [2.25 * 2 ** 40, "2.3 TiB"],
  ] as const;
  for (const [bytes, text] of cases) assert.equal(bytesText(bytes), text);
});
