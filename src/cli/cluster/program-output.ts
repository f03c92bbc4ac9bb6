/** What an agent's program has said, as Pacemaker's tools pass it on. */
import type { XmlText } from "../../view/cluster/xml-text.ts";

export type ProgramOutput = { readonly stdout: string; readonly stderr: string };

export function outputText({ stdout, stderr }: ProgramOutput): string {
  return [stdout, stderr].map((text) => (text === "" ? "" : `${text}\n`)).join("");
}

export function outputXml({ stdout, stderr }: ProgramOutput, code: number): XmlText {
  const said = Object.entries({ stdout, stderr }).filter(([, text]) => text !== "");
  return {
    name: "command",
    attributes: { code },
    children: said.map(([source, text]) => ({ name: "output", attributes: { source }, text })),
  };
}
