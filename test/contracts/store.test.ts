import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { FileStore } from "../../src/host/store/file-store.ts";
import { openDevice } from "../../src/host/store/open-device.ts";
import { type StoreFixture, storeContract } from "./store.ts";

storeContract("a sparse file", async (sizeBytes) => {
  const { dir, file } = sparseFile(sizeBytes);
  return fixtureOn(file, {
    tellsHoles: true,
    grow: (grownBytes) => truncateSync(file, grownBytes),
    remove: () => rmSync(dir, { recursive: true }),
  });
});

if (process.getuid?.() === 0 && existsSync("/dev/loop-control")) {
  storeContract("a block device", async (sizeBytes) => {
    const { dir, file } = sparseFile(sizeBytes);
    const device = execFileSync("losetup", ["-f", "--show", file], { encoding: "utf8" }).trim();
    const remove = (): void => {
      execFileSync("losetup", ["-d", device]);
      rmSync(dir, { recursive: true });
    };
    const grow = (grownBytes: number): void => {
      truncateSync(file, grownBytes);
      execFileSync("losetup", ["-c", device]);
    };
    return fixtureOn(device, { tellsHoles: false, grow, remove });
  });
} else {
  test("a block device", { skip: "needs root and loop devices" }, () => {});
}

function sparseFile(sizeBytes: number): { readonly dir: string; readonly file: string } {
  const dir = mkdtempSync(path.join(tmpdir(), "holdfast-store-"));
  const file = path.join(dir, "volume");
  writeFileSync(file, "");
  truncateSync(file, sizeBytes);
  return { dir, file };
}

function fixtureOn(
  device: string,
  options: {
    readonly tellsHoles: boolean;
    readonly grow: (sizeBytes: number) => void;
    readonly remove: () => void;
  },
): StoreFixture {
  const opened = openDevice(device);
  if (!opened.ok) throw new Error(opened.error.message);
  return {
    store: new FileStore(opened.value),
    tellsHoles: options.tellsHoles,
    grow: options.grow,
    remove: async () => options.remove(),
  };
}
