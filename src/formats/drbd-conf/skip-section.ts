/** What is read and not kept: `skip { }`, and what DRBD 9 added. */
import type { DrbdToken } from "./scan-drbd-conf.ts";
import { isSign, type TokenReader } from "./token-reader.ts";

/** After the opening brace, to the closing one that belongs to it. */
export function skipBraces(reader: TokenReader, opening: DrbdToken): void {
  for (let depth = 1; depth > 0; ) {
    const token = reader.next();
    if (token.kind === "end") {
      const remedy = `The section that begins in line ${opening.place.line} has no \`}\`.`;
      reader.fail(token, "`}`", remedy);
      return;
    }
    if (isSign(token, "{")) depth += 1;
    if (isSign(token, "}")) depth -= 1;
  }
}

/** After the first word of a section that only DRBD 9 has. */
export function skipDrbd9Section(reader: TokenReader, word: DrbdToken): void {
  let token = reader.next();
  while (!isSign(token, "{") && token.kind !== "end" && !isSign(token, ";")) token = reader.next();
  if (isSign(token, "{")) skipBraces(reader, token);
  else reader.fail(token, "`{`");
  reader.report.warning("HF1064", {
    place: word.place,
    message: `\`${word.text}\` is a section of DRBD 9 and has no effect`,
    remedy: "Write the addresses into the `on` sections, and the options into the resource.",
  });
}

/** After the first word of a statement that only DRBD 9 has. */
export function skipDrbd9Statement(reader: TokenReader, word: DrbdToken): void {
  let token = reader.next();
  while (!isSign(token, ";")) {
    if (token.kind === "end" || token.kind === "bad" || isSign(token, "{") || isSign(token, "}")) {
      reader.fail(token, "`;`");
      return;
    }
    token = reader.next();
  }
  reader.report.warning("HF1064", {
    place: word.place,
    message: `\`${word.text}\` is a statement of DRBD 9 and has no effect`,
    remedy: "Remove it, or keep it for DRBD 9.",
  });
}
