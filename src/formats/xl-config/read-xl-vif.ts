/** One network interface: `KEY=VALUE,…`, or nothing at all (xl-network-configuration(5)). */
import { closestWord } from "../config-text/closest-word.ts";
import type { Place } from "../config-text/place.ts";
import type { Notice, Refuse } from "./read-xl-disk.ts";
import type { XlVif } from "./xl-domain.ts";

const usedKeys = ["mac", "bridge", "script", "ip", "model", "type", "vifname", "rate", "mtu"];
const ignoredKeys = [
  "backend",
  "gatewaydev",
  "netdev",
  "accel",
  "devid",
  "vlan",
  "policy",
  "label",
  "trusted",
  "untrusted",
];

const example = "For example: 'bridge=xenbr0,mac=00:16:3e:12:34:56'";

export function readXlVif(
  text: string,
  place: Place,
  refuse: Refuse,
  notice: Notice,
): XlVif | undefined {
  const values = new Map<string, string>();
  for (const part of text.split(",").map((each) => each.trim())) {
    if (part === "") continue;
    const equals = part.indexOf("=");
    const key = (equals < 0 ? part : part.slice(0, equals)).trim();
    if (ignoredKeys.includes(key) || key.startsWith("colo_") || key === "forwarddev") {
      notice(`\`${key}\` in a vif has no effect here`, "Nothing to do.");
      continue;
    }
    if (!usedKeys.includes(key) || equals < 0) {
      const close = closestWord(key, usedKeys);
      const meant = close === undefined ? "" : `; was \`${close}\` meant?`;
      return refuse(`\`${part}\` is no KEY=VALUE of a vif${meant}`, example);
    }
    if (values.has(key)) return refuse(`\`${key}\` is given twice`, "Keep one of the two.");
    values.set(key, part.slice(equals + 1).trim());
  }
  return finish(text, place, values, refuse);
}

function finish(
  text: string,
  place: Place,
  values: ReadonlyMap<string, string>,
  refuse: Refuse,
): XlVif | undefined {
  const mac = values.get("mac")?.toLowerCase();
  if (mac !== undefined && !/^([0-9a-f]{1,2}:){5}[0-9a-f]{1,2}$/.test(mac)) {
    return refuse(`\`mac=${mac}\`: expected six numbers like 00:16:3e:12:34:56`, example);
  }
  const octets = mac?.split(":").map((octet) => octet.padStart(2, "0"));
  // The lowest bit of the first octet marks a group of receivers: no interface has such an address.
  if (octets !== undefined && (Number.parseInt(octets[0] ?? "", 16) & 1) === 1) {
    return refuse(
      `\`mac=${mac ?? ""}\` is a group's address`,
      "Begin it with 00:16:3e, Xen's own.",
    );
  }
  const type = values.get("type");
  if (type !== undefined && type !== "vif" && type !== "ioemu") {
    return refuse(`\`type=${type}\`: expected vif or ioemu`, "Leave it out.");
  }
  const mtu = values.get("mtu");
  if (mtu !== undefined && !/^[1-9]\d{1,4}$/.test(mtu)) {
    return refuse(`\`mtu=${mtu}\`: expected a number of bytes`, "For example: mtu=1500");
  }
  const bridge = values.get("bridge") ?? "xenbr0";
  if (!/^[^/:\s]{1,15}$/.test(bridge)) {
    return refuse(`\`bridge=${bridge}\`: expected the name of a bridge`, example);
  }
  return {
    place,
    text,
    mac: octets?.join(":"),
    bridge,
    script: values.get("script"),
    ip: values.get("ip"),
    model: values.get("model"),
    type,
    vifname: values.get("vifname"),
    rate: values.get("rate"),
    mtu: mtu === undefined ? undefined : Number(mtu),
  };
}
