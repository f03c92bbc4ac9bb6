/** The systems that are compared, by the names of the option --only. */
import path from "node:path";
import type { BenchSystem } from "./bench-system.ts";
import { fillFile } from "./fill-file.ts";
import { HoldfastPair } from "./holdfast-system.ts";
import { localServer } from "./local-system.ts";
import { plainQemuNbd, qemuMirror } from "./qemu-systems.ts";

export const engineNames = ["plain", "mirror", "holdfast", "local"] as const;
export type EngineName = (typeof engineNames)[number];

/** Makes its files, and the system over them. @param number tells it from others of its kind that run at the same time. */
export function makeEngine(
  name: EngineName,
  place: { readonly directory: string; readonly sizeMib: number; readonly number?: number },
): BenchSystem {
  const { directory, sizeMib, number = 0 } = place;
  const file = (role: string): string =>
    fillFile(path.join(directory, `${name}${number}-${role}`), sizeMib);
  switch (name) {
    case "plain":
      return plainQemuNbd(directory, file("disk"));
    case "mirror":
      return qemuMirror(directory, { source: file("source"), target: file("target") }, number);
    case "holdfast":
      return new HoldfastPair(directory, { one: file("one"), two: file("two") }, number);
    case "local":
      return localServer(directory, file("disk"));
  }
}

export function isEngineName(name: string): name is EngineName {
  return (engineNames as readonly string[]).includes(name);
}
