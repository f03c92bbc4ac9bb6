/**
 * `skip holdfast { … }`: what only Holdfast reads in drbd.conf. DRBD's own tools pass over a `skip` section as a whole,
 * so the same file serves both.
 *
 *     body := ( engine (holdfast|kernel) ; | on HOST+ { engine … ; } | resource NAME { ( engine … ; | on HOST+ { engine … ; } )* } )*
 */
import type { DrbdEngine, DrbdEngineRule } from "./drbd-conf.ts";
import type { DrbdToken } from "./scan-drbd-conf.ts";
import { expectSign, expectString, isKeyword, isSign, type TokenReader } from "./token-reader.ts";

/** The word behind `skip` that makes a section ours. */
export const ownSection = "holdfast";

const drbdEngines: readonly DrbdEngine[] = ["holdfast", "kernel"];

type Scope = Pick<DrbdEngineRule, "resource" | "hosts">;

/** After the opening brace. */
export function parseEngines(reader: TokenReader, add: (rule: DrbdEngineRule) => void): void {
  readBody(reader, {}, add);
}

function readBody(reader: TokenReader, scope: Scope, add: (rule: DrbdEngineRule) => void): void {
  for (let token = reader.next(); !isSign(token, "}"); token = reader.next()) {
    if (reader.failed()) return;
    if (token.kind === "string" && token.text === "engine") readEngine(reader, token, scope, add);
    else if (isKeyword(token, "on") && scope.hosts === undefined) readHosts(reader, scope, add);
    else if (isKeyword(token, "resource") && scope.resource === undefined && !scope.hosts)
      readResource(reader, add);
    else reader.fail(token, expected(scope), "docs/formats/drbd-conf.md tells what stands there.");
  }
}

function expected(scope: Scope): string {
  if (scope.hosts !== undefined) return "`engine` or `}`";
  return scope.resource === undefined
    ? "`engine`, `on`, `resource` or `}`"
    : "`engine`, `on` or `}`";
}

function readEngine(
  reader: TokenReader,
  { place }: DrbdToken,
  scope: Scope,
  add: (rule: DrbdEngineRule) => void,
): void {
  const word = reader.next();
  const engine = drbdEngines.find((each) => each === word.text);
  if (engine === undefined) reader.fail(word, "`holdfast` or `kernel`");
  else add({ ...scope, engine, place });
  expectSign(reader, ";");
}

function readHosts(reader: TokenReader, scope: Scope, add: (rule: DrbdEngineRule) => void): void {
  const hosts = [];
  do {
    const host = expectString(reader, "the name of a host");
    if (host === undefined) return;
    hosts.push(host);
  } while (!isSign(reader.peek(), "{") && !reader.failed());
  expectSign(reader, "{");
  readBody(reader, { ...scope, hosts }, add);
}

function readResource(reader: TokenReader, add: (rule: DrbdEngineRule) => void): void {
  const resource = expectString(reader, "the name of a resource");
  expectSign(reader, "{");
  if (resource !== undefined) readBody(reader, { resource }, add);
}
