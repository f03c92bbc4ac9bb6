import { readFileSync } from "node:fs";
import path from "node:path";

/** Holdfast's version, as package.json has it. */
export const version: string = readVersion();

function readVersion(): string {
  const file = path.resolve(import.meta.dirname, "../../../package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { readonly version: string }).version;
}
