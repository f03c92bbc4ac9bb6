/**
 * Text -> AuthKeys (authkeys(5), Heartbeat's auth.c). A comment is a line that begins with `#`: inside a line the
 * character may be part of a key. Heartbeat takes the third word of a line as the key and forgets the rest; a key
 * cut in silence is no help to anyone, so more words are an error here.
 */
import { err } from "../../base/result.ts";
import { closestWord } from "../config-text/closest-word.ts";
import { type Parsed, parsed } from "../config-text/diagnostic.ts";
import { newReport, type Report } from "../config-text/report.ts";
import { type Word, type WordLine, wordLines } from "../config-text/word-lines.ts";
import {
  type AuthKey,
  type AuthKeys,
  type AuthMethod,
  authMethods,
  authNumberMax,
} from "./authkeys.ts";

/** Keys that stand in how-tos and in Heartbeat's own documentation: everybody has them. Lower case. */
const publishedKeys: readonly string[] = [
  "somelongstringwithrandomchars",
  "hi!",
  "hello!",
  "hello",
  "secret",
  "yoursecret",
  "mysecret",
  "password",
  "changeme",
  "replace-this-word-by-a-random-key",
];

/** Fewer characters than this can be tried out. */
const shortKeyCharacters = 12;

export function parseAuthKeys(text: string, file: string): Parsed<AuthKeys> {
  const report = newReport();
  const keys: AuthKey[] = [];
  let auth: Word | undefined;
  const commentAt = (line: string): number => (/^\s*#/.test(line) ? 0 : -1);
  for (const line of wordLines(text, { file, word: /\S+/g, commentAt })) {
    if (line[0].value === "auth") auth = readAuth(line, auth, report);
    else readKey(line, keys, report);
  }
  const signing = signingKey(auth, keys, report, file);
  if (signing === undefined) return err(report.diagnostics);
  return parsed({ file, signing, keys }, report.diagnostics);
}

function readAuth(line: WordLine, earlier: Word | undefined, report: Report): Word | undefined {
  const [directive, number, ...more] = line;
  if (earlier !== undefined) {
    report.error("HF1034", {
      place: directive.place,
      message: `there is an \`auth\` line already, in line ${earlier.place.line}`,
      remedy: "Keep one: it names the key that signs.",
    });
    return earlier;
  }
  if (number === undefined) {
    report.error("HF1030", {
      place: directive.place,
      message: "`auth`: expected the number of the key that signs",
      remedy: "Write for example: auth 1",
    });
    return undefined;
  }
  const [first] = more;
  if (first !== undefined) {
    report.notice("HF1039", {
      place: first.place,
      message: `only key ${number.value} signs; the numbers after it have no effect`,
      remedy: "All keys of the file verify, whether the auth line names them or not.",
    });
  }
  return number;
}

function readKey(line: WordLine, keys: AuthKey[], report: Report): void {
  const [numberWord, methodWord, secretWord, extra] = line;
  const { place } = numberWord;
  const number = parseNumber(numberWord.value);
  if (number === undefined || methodWord === undefined) {
    report.error("HF1030", {
      place,
      message: `expected \`auth NUMBER\` or \`NUMBER METHOD KEY\`, with a number from 0 to ${authNumberMax}`,
      remedy: "A line of a key is, for example: 1 sha256 and a long random word.",
    });
    return;
  }
  const method = authMethods.find((known) => known === methodWord.value);
  if (method === undefined) {
    const close = closestWord(methodWord.value, authMethods);
    report.error("HF1031", {
      place: methodWord.place,
      message: `\`${methodWord.value}\` is no method; expected one of ${authMethods.join(", ")}`,
      remedy: `Write: ${number} ${close ?? "sha256"} KEY`,
    });
    return;
  }
  const earlier = keys.find((key) => key.number === number);
  if (earlier !== undefined) {
    report.error("HF1034", {
      place,
      message: `key ${number} is there already, in line ${earlier.place.line}`,
      remedy: "Give each key a number of its own.",
    });
    return;
  }
  const surplus = method === "crc" ? secretWord : extra;
  if (surplus !== undefined) {
    const what = method === "crc" ? "crc has no key" : "a key is one word, without blanks";
    const remedy = "Remove what comes after it.";
    report.error("HF1030", { place: surplus.place, message: what, remedy });
    return;
  }
  const secret = readSecret(method, methodWord, secretWord, report);
  if (secret !== undefined) keys.push({ number, method, secret, place });
}

/** The secret, with remarks on how good it is; undefined (and an error) when a method that needs one has none. */
function readSecret(
  method: AuthMethod,
  methodWord: Word,
  secretWord: Word | undefined,
  report: Report,
): string | undefined {
  if (method === "crc") {
    report.warning("HF1037", {
      place: methodWord.place,
      message: "crc proves nothing: whoever reaches the network can be a node",
      remedy: "Use sha256 with a random key, except on a wire of its own between the two nodes.",
    });
    return "";
  }
  if (secretWord === undefined) {
    report.error("HF1032", {
      place: methodWord.place,
      message: `${method} needs a key after it`,
      remedy: "Make one with: head -c 32 /dev/urandom | sha256sum | cut -c1-64",
    });
    return undefined;
  }
  const { value, place } = secretWord;
  if (publishedKeys.includes(value.toLowerCase())) {
    report.warning("HF1036", {
      place,
      message: "this key is a published example: everybody has it",
      remedy: "Put the same random key into this file on all nodes.",
    });
  } else if (value.length < shortKeyCharacters) {
    report.warning("HF1038", {
      place,
      message: `a key of ${value.length} characters can be tried out`,
      remedy: "Put the same random key of 32 or more characters into this file on all nodes.",
    });
  }
  return value;
}

/** The key of the `auth` line; undefined only when there is an error. */
function signingKey(
  auth: Word | undefined,
  keys: readonly AuthKey[],
  report: Report,
  file: string,
): AuthKey | undefined {
  if (auth === undefined) {
    if (report.diagnostics.some((each) => each.severity === "error")) return undefined;
    report.error("HF1033", {
      place: { file, line: 1, column: 1 },
      message: "there is no `auth` line: expected one that names the key that signs",
      remedy: "Add at the top: auth 1",
    });
    return undefined;
  }
  const number = parseNumber(auth.value);
  const signing = keys.find((key) => key.number === number);
  // When a line could not be read, the missing key may well be that one: one error is enough.
  if (signing === undefined && !report.diagnostics.some((each) => each.severity === "error")) {
    const known = keys.map((key) => key.number).join(", ");
    report.error("HF1033", {
      place: auth.place,
      message: `\`auth ${auth.value}\`: there is no such key; there is ${known === "" ? "none" : known}`,
      remedy: "Name a key of this file, or add the key.",
    });
  }
  return signing;
}

function parseNumber(text: string): number | undefined {
  const number = /^\d{1,2}$/.test(text) ? Number(text) : authNumberMax + 1;
  return number <= authNumberMax ? number : undefined;
}
