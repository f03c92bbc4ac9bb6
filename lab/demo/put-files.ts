/** Puts the how-to's files, and what its guests boot from, on the hosts' disks, and says what is to be said of them. */
import { symlinkSync } from "node:fs";
import path from "node:path";
import { placeGuestKernel } from "../guest/guest-kernel.ts";
import { hostRoot, repository } from "../host/host-root.ts";
import { writeOnHost } from "../lab.ts";
import { readLab } from "../plan/lab-state.ts";
import type { DemoWorld } from "./demo-world.ts";
import { howtoHosts } from "./howto-steps.ts";

const [first] = howtoHosts;

export function putFiles({
  lab,
  files,
  screen,
}: Pick<DemoWorld, "lab" | "files" | "screen">): void {
  screen.chapter("The how-to's files, where it puts them");
  const { dir } = readLab(lab);
  for (const host of howtoHosts) {
    for (const file of files.files) {
      if (file.on === "first" && host !== first) continue;
      writeOnHost(lab, host, { path: file.target, text: file.text, mode: file.mode });
    }
    for (const paths of files.kernels) placeGuestKernel(dir, host, paths);
    const bootstrap = path.join(repository, "lab/guest/tiny-bootstrap");
    symlinkSync(bootstrap, path.join(hostRoot(dir, host), "root/tiny-bootstrap"));
  }
  const on = { all: howtoHosts.join(", "), first };
  for (const file of files.files) screen.output(`${on[file.on].padEnd(10)} ${file.target}`);
  for (const { kernel, ramdisk } of files.kernels.slice(0, 1)) {
    screen.output(`${on.all.padEnd(10)} ${kernel}, ${ramdisk}: the tiny guest's`);
  }
  for (const remark of files.remarks) screen.remark(remark);
}
