/** Names and values that the schemas of an installed Pacemaker know: so damages bring also what our own schema lacks. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { element } from "../../../src/formats/xml/xml-element.ts";
import type { Vocabulary } from "./damage-cib.ts";

const folder = "/usr/share/pacemaker";

/** The same words where no Pacemaker is installed. */
export function withInstalledWords(words: Vocabulary): Vocabulary {
  if (!existsSync(folder)) return words;
  const text = readdirSync(folder)
    .filter((name) => name.endsWith(".rng"))
    .map((name) => readFileSync(path.join(folder, name), "utf8"))
    .join("");
  const found = (pattern: RegExp): readonly string[] =>
    [...new Set([...text.matchAll(pattern)].map(([, word]) => word as string))].sort();
  const names = found(/<element name="([^"]+)"/g);
  return {
    elements: [
      ...words.elements,
      ...names.map((name) => element(name)),
      ...names.map((name, i) => element(name, { id: `new${i}` })),
    ],
    attributes: [...words.attributes, ...found(/<attribute name="([^"]+)"/g)],
    values: [...words.values, ...found(/<value[^>]*>([^<]+)</g)],
  };
}
