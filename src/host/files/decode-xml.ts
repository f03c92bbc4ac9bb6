/**
 * The bytes of an XML document -> text, by its byte order mark or the encoding that its declaration names (XML 1.0,
 * appendix F); UTF-8 without either. Bytes that the encoding does not have are an error: a replacement would change a value.
 */
import { err, ok, type Result } from "../../base/result.ts";

/** The error is a clause: "line 3: these are no characters of utf-8". */
export function decodeXml(bytes: Uint8Array): Result<string> {
  const label = markOf(bytes) ?? declaredIn(bytes) ?? "utf-8";
  const decoder = decoderFor(label);
  if (decoder === undefined) return err(`line 1: the encoding ${label} is not known`);
  try {
    return ok(decoder.decode(bytes));
  } catch {
    return err(`line ${badLine(bytes, label)}: there are bytes that are no characters of ${label}`);
  }
}

function markOf(bytes: Uint8Array): string | undefined {
  const [first, second] = bytes;
  if (first === 0xfe && second === 0xff) return "utf-16be";
  return first === 0xff && second === 0xfe ? "utf-16le" : undefined;
}

/** The declaration itself is in ASCII, in whatever encoding it names; those of two bytes a character need their mark. */
function declaredIn(bytes: Uint8Array): string | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 200));
  const declaration = /^<\?xml\s[^>]*?encoding\s*=\s*["']([\w.:-]+)["']/.exec(start)?.[1];
  return declaration === undefined ? undefined : declaration.toLowerCase();
}

function decoderFor(label: string): InstanceType<typeof TextDecoder> | undefined {
  try {
    return new TextDecoder(label, { fatal: true });
  } catch {
    return undefined;
  }
}

function badLine(bytes: Uint8Array, label: string): number {
  const decoder = decoderFor(label);
  let line = 1;
  for (let at = 0; at < bytes.length; line++) {
    const end = bytes.indexOf(0x0a, at);
    const next = end < 0 ? bytes.length : end + 1;
    try {
      decoder?.decode(bytes.subarray(at, next));
    } catch {
      return line;
    }
    at = next;
  }
  return line;
}
