/**
 * How long it takes to make two disks equal: Holdfast's resync of all blocks and of one in a hundred, next to nbdcopy
 * between two qemu-nbd on the same files (the target over TCP, as a peer is).
 */
import { execFile } from "node:child_process";
import { closeSync, fsyncSync, openSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { fillFile } from "./fill-file.ts";
import { isInSync } from "./holdfast-node.ts";
import { HoldfastPair } from "./holdfast-system.ts";
import { endOf, waitForSocket } from "./processes.ts";
import { exportFile } from "./qemu-systems.ts";
import type { Target } from "./workloads.ts";

export type ResyncFigures = {
  readonly sizeMib: number;
  readonly copySeconds: number;
  /** With what it has copied on the disk at its end, as a resync has. */
  readonly storedCopySeconds: number;
  readonly allSeconds: number;
  readonly hundredthSeconds: number;
};

const copyPort = 17798;
const run = promisify(execFile);

export async function measureResync(directory: string, sizeMib: number): Promise<ResyncFigures> {
  const one = fillFile(path.join(directory, "resync-one"), sizeMib);
  const two = fillFile(path.join(directory, "resync-two"), sizeMib);
  const copySeconds = await copy(directory, one, two);
  store(two);
  const storedCopySeconds = await copy(directory, one, two, "--flush");
  const pair = new HoldfastPair(directory, { one, two }, 9);
  await pair.connect();
  try {
    const allSeconds = await secondsOf(() => pair.promote());
    store(two);
    await pair.one.ask("disconnect");
    await writeHundredth(pair.one.target, sizeMib);
    const hundredthSeconds = await resyncAgain(pair);
    return { sizeMib, copySeconds, storedCopySeconds, allSeconds, hundredthSeconds };
  } finally {
    await pair.stop();
  }
}

async function copy(
  directory: string,
  from: string,
  to: string,
  ...options: readonly string[]
): Promise<number> {
  const socketPath = path.join(directory, "copy.sock");
  const source = exportFile(from, socketPath);
  const target = exportFile(to, copyPort);
  try {
    await waitForSocket(socketPath, source);
    await waitForSocket({ host: "127.0.0.1", port: copyPort }, target);
    return await secondsOf(async () => {
      const places = [`nbd+unix:///0?socket=${socketPath}`, `nbd://127.0.0.1:${copyPort}/0`];
      await run("nbdcopy", [...options, ...places]);
    });
  } finally {
    await endOf(source);
    await endOf(target);
  }
}

/** From the moment at which the two are connected again: how soon they try is another matter. */
async function resyncAgain(pair: HoldfastPair): Promise<number> {
  let began = 0;
  const inSync = pair.one.until((status) => {
    if (status.connection.state === "Connected" && began === 0) began = performance.now();
    return began > 0 && isInSync(status);
  });
  await pair.one.ask("connect");
  await inSync;
  return (performance.now() - began) / 1000;
}

/** Different blocks of 4 KiB, anywhere. */
async function writeHundredth({ socketPath, exportName }: Target, sizeMib: number): Promise<void> {
  await run("fio", [
    ...["--name=part", "--ioengine=nbd", `--uri=nbd+unix:///${exportName}?socket=${socketPath}`],
    ...["--rw=randwrite", "--bs=4096", "--iodepth=32", `--size=${sizeMib}m`],
    `--io_size=${Math.floor((sizeMib * 1024) / 100)}k`,
  ]);
}

/** Nothing of what was written before has to be written while the next thing is measured. */
function store(file: string): void {
  const fd = openSync(file, "r");
  fsyncSync(fd);
  closeSync(fd);
}

async function secondsOf(action: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await action();
  return (performance.now() - began) / 1000;
}
