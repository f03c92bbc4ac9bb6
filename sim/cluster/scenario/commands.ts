/** What people say in a story: `on HOST: COMMAND`. Each kind of command is a row of the table. */
import type { CibChange } from "../../../src/core/cib/change.ts";
import type { ClientRequest } from "../../../src/core/node/client-requests.ts";
import { parseXml } from "../../../src/formats/xml/parse-xml.ts";
import { element } from "../../../src/formats/xml/xml-element.ts";
import type { Administrator } from "../administrator.ts";
import { creation } from "../world/howto-cib.ts";

/** @returns whether it was taken. */
type Command = (person: Administrator, host: string, words: readonly string[]) => boolean;

const commands: readonly (readonly [pattern: RegExp, run: Command])[] = [
  [/^move (\S+) to (\S+)$/, (p, host, [resource = "", to = ""]) => p.move(host, resource, { to })],
  [
    /^move (\S+) to (\S+) for (\S+)$/,
    (p, host, [resource = "", to = "", lifetime = ""]) => p.move(host, resource, { to, lifetime }),
  ],
  [/^ban (\S+) from (\S+)$/, (p, host, [resource = "", from = ""]) => p.ban(host, resource, from)],
  [/^clear (\S+)$/, (p, host, [resource = ""]) => p.clear(host, resource)],
  [
    /^target-role (\S+) (\S+)$/,
    (p, host, [resource = "", role = ""]) => p.meta(host, { resource, name: "target-role" }, role),
  ],
  [
    /^meta (\S+) (\S+) (\S+)$/,
    (p, host, [resource = "", name = "", value = ""]) => p.meta(host, { resource, name }, value),
  ],
  [
    /^parameter (\S+) (\S+) (\S+)$/,
    (p, host, [resource = "", name = "", value = ""]) =>
      p.parameter(host, { resource, name }, value),
  ],
  [/^standby (\S+) (on|off)$/, (p, host, [node = "", how]) => p.standby(host, node, how === "on")],
  [
    /^maintenance of (\S+) (on|off)$/,
    (p, host, [node = "", how]) =>
      p.nodeAttribute(host, { node, name: "maintenance" }, String(how === "on")),
  ],
  [
    /^node attribute (\S+) (\S+) (\S+)$/,
    (p, host, [node = "", name = "", value = ""]) => p.nodeAttribute(host, { node, name }, value),
  ],
  [
    /^utilization of (\S+) (\S+) (\S+)$/,
    (p, host, [node = "", name = "", value = ""]) => p.utilization(host, { node, name }, value),
  ],
  [/^option (\S+) (\S+)$/, (p, host, [name = "", value = ""]) => p.option(host, name, value)],
  [/^cleanup (\S+)$/, (p, host, [resource = ""]) => p.cleanup(host, resource)],
  [/^refresh (\S+)$/, (p, host, [resource = ""]) => p.cleanup(host, resource, "everything")],
  [/^fail (\S+) on (\S+)$/, (p, host, [resource = "", node = ""]) => p.fail(host, resource, node)],
  [/^bump$/, (p, host) => p.change(host, { kind: "bump" })],
  [/^delete (\S+)$/, (p, host, [id = ""]) => p.change(host, deletion(id))],
  [/^create (<.+>)$/, (p, host, [xml = ""]) => create(p, host, xml)],
  [
    /^fence (\S+)$/,
    (p, host, [target = ""]) => ask(p, host, { kind: "fence", target, action: "reboot" }),
  ],
  [/^confirm (\S+) off$/, (p, host, [node = ""]) => ask(p, host, { kind: "confirm-off", node })],
  [
    /^use the copy of (\S+)$/,
    (p, host, [drbdResource = ""]) => ask(p, host, { kind: "use-copy", node: host, drbdResource }),
  ],
  [/^leave$/, (p, host) => ask(p, host, { kind: "leave" })],
  [/^restart$/, (p, host) => p.ask(host, { kind: "restart", holdMs: 10_000 })],
];

export function runCommand(person: Administrator, host: string, text: string): string | undefined {
  for (const [pattern, run] of commands) {
    const found = pattern.exec(text);
    if (found === null) continue;
    return run(person, host, found.slice(1)) ? undefined : `${host} does not take "${text}"`;
  }
  return `there is no command "${text}"`;
}

type Asked<R> = R extends { readonly by: string } ? Omit<R, "by"> : never;

function ask(person: Administrator, host: string, request: Asked<ClientRequest>): boolean {
  return person.ask(host, { ...request, by: person.name } as ClientRequest);
}

function create(person: Administrator, host: string, text: string): boolean {
  const read = parseXml(text);
  return read.ok && person.change(host, creation(read.value));
}

function deletion(id: string): CibChange {
  return { kind: "delete", at: { section: "resources" }, xml: element("primitive", { id }) };
}
