import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { authKey, authMethods } from "./authkeys.ts";
import { checkKeyFileMode } from "./key-file-mode.ts";
import { parseAuthKeys } from "./parse-authkeys.ts";
import { printAuthKeys } from "./print-authkeys.ts";

const seed = path.join(import.meta.dirname, "../../../../shared/seed/authkeys");
const long = "q8Zr2Lw0vTn5Xc7Bs1Kd";

test("several numbered keys: the one of the auth line signs, all are there to verify", () => {
  const result = parseAuthKeys(
    `# keys\nauth 2\n1 md5 ${long}1\n 2 sha256 ${long}2#x \n15 sha512 ${long}3\n`,
    "authkeys",
  );
  assert.ok(result.ok, JSON.stringify(result));
  const { value, notices } = result.value;
  assert.deepEqual(notices, []);
  assert.equal(value.signing.number, 2);
  assert.equal(value.signing.secret, `${long}2#x`);
  assert.deepEqual(value.signing.place, { file: "authkeys", line: 4, column: 2 });
  assert.deepEqual(
    value.keys.map((key) => [key.number, key.method]),
    [
      [1, "md5"],
      [2, "sha256"],
      [15, "sha512"],
    ],
  );
  assert.equal(authKey(value, 15)?.secret, `${long}3`);
  assert.equal(authKey(value, 3), undefined);
});

test("numbers after the first on the auth line have no effect, and this is said", () => {
  const result = parseAuthKeys(`auth 1 2\n1 sha1 ${long}\n2 sha1 ${long}x\n`, "authkeys");
  assert.ok(result.ok);
  assert.equal(result.value.value.signing.number, 1);
  assert.deepEqual(codes(result.value.notices), ["HF1039"]);
});

test("published and short keys and crc get a warning that never shows the key", () => {
  const rows: readonly (readonly [string, string])[] = [
    ["1 sha1 SomeLongStringWithRandomChars", "HF1036"],
    ["1 sha1 HI!", "HF1036"],
    ["1 md5 Hello!", "HF1036"],
    ["1 sha1 abcdefgh", "HF1038"],
    ["1 crc", "HF1037"],
  ];
  for (const [line, code] of rows) {
    const result = parseAuthKeys(`auth 1\n${line}\n`, "authkeys");
    assert.ok(result.ok, line);
    const [notice] = result.value.notices;
    assert.deepEqual([notice?.code, notice?.severity, notice?.place.line], [code, "warning", 2]);
    const secret = result.value.value.signing.secret;
    if (secret !== "") assert.ok(!JSON.stringify(notice).includes(secret), line);
  }
});

test("bad lines are refused with their place, what was expected and what to do", () => {
  const rows: readonly (readonly [text: string, code: string, line: number, column: number])[] = [
    ["", "HF1033", 1, 1],
    [`1 sha1 ${long}`, "HF1033", 1, 1],
    [`auth 2\n1 sha1 ${long}`, "HF1033", 1, 6],
    [`auth x\n1 sha1 ${long}`, "HF1033", 1, 6],
    [`auth\n1 sha1 ${long}`, "HF1030", 1, 1],
    [`auth 1\nauth 1\n1 sha1 ${long}`, "HF1034", 2, 1],
    [`auth 1\n1 sha1 ${long}\n1 md5 ${long}`, "HF1034", 3, 1],
    ["auth 1\n1 sha3 abc", "HF1031", 2, 3],
    ["auth 1\n1 SHA1 abc", "HF1031", 2, 3],
    ["auth 1\n1 sha1", "HF1032", 2, 3],
    ["auth 1\n1", "HF1030", 2, 1],
    [`auth 1\nx sha1 ${long}`, "HF1030", 2, 1],
    [`auth 16\n16 sha1 ${long}`, "HF1030", 2, 1],
    ["auth 1\n1 sha1 two words", "HF1030", 2, 12],
    ["auth 1\n1 crc key", "HF1030", 2, 7],
  ];
  for (const [text, code, line, column] of rows) {
    const result = parseAuthKeys(`${text}\n`, "authkeys");
    assert.ok(!result.ok, text);
    const errors = result.error.filter((each) => each.severity === "error");
    assert.equal(errors.length, 1, JSON.stringify(errors));
    const [error] = errors;
    assert.deepEqual([error?.code, error?.place.line, error?.place.column], [code, line, column]);
    assert.ok((error?.remedy ?? "").length > 5, text);
  }
});

test("what is printed is read back the same", () => {
  const secret = fc.stringMatching(/^[!-~]{12,40}$/);
  const key = fc
    .record(
      { number: fc.nat({ max: 15 }), method: fc.constantFrom(...authMethods), secret },
      { noNullPrototype: true },
    )
    .map((each) => (each.method === "crc" ? { ...each, secret: "" } : each));
  const keys = fc.uniqueArray(key, { selector: (each) => each.number, minLength: 1 });
  fc.assert(
    fc.property(keys, fc.nat(), (all, pick) => {
      const signing = all[pick % all.length]?.number ?? 0;
      const result = parseAuthKeys(printAuthKeys(signing, all), "authkeys");
      assert.ok(result.ok, JSON.stringify(result));
      const { value } = result.value;
      assert.equal(value.signing.number, signing);
      assert.deepEqual(
        value.keys.map(({ number, method, secret: read }) => ({ number, method, secret: read })),
        all,
      );
    }),
  );
});

test("any text gives a value or errors, never a throw", () => {
  const word = fc.oneof(fc.constantFrom("auth", "1", "2", ...authMethods, "\n", "#"), fc.string());
  fc.assert(
    fc.property(fc.array(word), (words) => {
      const result = parseAuthKeys(words.join(" "), "authkeys");
      if (!result.ok) assert.ok(result.error.some((each) => each.severity === "error"));
      else assert.ok(result.value.value.keys.includes(result.value.value.signing));
    }),
  );
});

test("a file that others than its owner can read or write is refused", () => {
  for (const mode of [0o600, 0o400, 0o700, 0o100600, 0o611]) {
    assert.equal(checkKeyFileMode("/etc/ha.d/authkeys", mode), undefined, mode.toString(8));
  }
  for (const mode of [0o644, 0o640, 0o604, 0o660, 0o602, 0o100644]) {
    const refusal = checkKeyFileMode("/etc/ha.d/authkeys", mode);
    assert.equal(refusal?.code, "HF1035", mode.toString(8));
    assert.match(refusal?.message ?? "", new RegExp(`mode ${(mode & 0o777).toString(8)},`));
    assert.match(refusal?.remedy ?? "", /chmod 600 \/etc\/ha\.d\/authkeys/);
  }
});

test("the how-to's own authkeys is read, and its key is named as published", (t) => {
  if (!existsSync(seed)) {
    t.skip("the how-to's files are not beside the repository");
    return;
  }
  const result = parseAuthKeys(readFileSync(seed, "utf8"), "authkeys");
  assert.ok(result.ok);
  assert.equal(result.value.value.signing.method, "sha1");
  assert.deepEqual(codes(result.value.notices), ["HF1036"]);
  assert.equal(result.value.notices[0]?.place.line, 2);
});

function codes(diagnostics: readonly { readonly code: string }[]): readonly string[] {
  return diagnostics.map((each) => each.code);
}
