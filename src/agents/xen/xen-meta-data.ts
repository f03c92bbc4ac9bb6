/** The agent's meta-data (OCF resource agent API 1.1, "Meta Data"): what crm tools and the scheduler read. */
import { escapeXml } from "../../formats/xml/print-xml.ts";

type Parameter = {
  readonly name: string;
  readonly short: string;
  readonly type: "string" | "boolean";
  readonly required?: true;
  readonly default?: string;
};

const parameters: readonly Parameter[] = [
  {
    name: "xmfile",
    short: "Absolute path of the domain file",
    type: "string",
    required: true,
    default: "/etc/xen/vm/MyDomU",
  },
  { name: "name", short: "Name of the guest, instead of the domain file's", type: "string" },
  {
    name: "shutdown_timeout",
    short:
      "Seconds the guest may take to shut down before it is powered off; 0 powers it off at once; two thirds of the stop operation's timeout if unset",
    type: "string",
  },
  {
    name: "shutdown_acpi",
    short: "Accepted; a guest is always asked by its power button",
    type: "boolean",
    default: "0",
  },
  { name: "allow_mem_management", short: "Accepted without effect", type: "boolean", default: "0" },
  { name: "node_ip_attribute", short: "Accepted without effect", type: "string" },
  {
    name: "reserved_Dom0_memory",
    short: "Accepted without effect",
    type: "string",
    default: "512",
  },
  {
    name: "autoset_utilization_cpu",
    short: "Accepted without effect",
    type: "boolean",
    default: "false",
  },
  {
    name: "autoset_utilization_hv_memory",
    short: "Accepted without effect",
    type: "boolean",
    default: "false",
  },
  {
    name: "monitor_scripts",
    short: "Programs, separated by blanks, that succeed while the guest's services work",
    type: "string",
  },
];

const actions: readonly Readonly<Record<string, string>>[] = [
  { name: "start", timeout: "60s" },
  { name: "stop", timeout: "40s" },
  { name: "migrate_to", timeout: "120s" },
  { name: "migrate_from", timeout: "120s" },
  { name: "monitor", timeout: "30s", interval: "10s", depth: "0" },
  { name: "meta-data", timeout: "5s" },
  { name: "validate-all", timeout: "5s" },
];

export const xenMetaData: string = printMetaData();

function printMetaData(): string {
  const about = "Runs the virtual machine that a domain file of xm or xl describes";
  const lines = [
    '<?xml version="1.0"?>',
    '<resource-agent name="Xen" version="1.0">',
    "<version>1.1</version>",
    `<longdesc lang="en">${about}, with its replicated disks.</longdesc>`,
    '<shortdesc lang="en">Manages virtual machines</shortdesc>',
    "<parameters>",
    ...parameters.flatMap(parameterLines),
    "</parameters>",
    "<actions>",
    ...actions.map((action) => `<action${attributes(action)}/>`),
    "</actions>",
    "</resource-agent>",
  ];
  return `${lines.join("\n")}\n`;
}

function parameterLines(parameter: Parameter): readonly string[] {
  const { name, short, type, required, default: value } = parameter;
  return [
    `<parameter${attributes({ name, unique: "0", required: required === true ? "1" : "0" })}>`,
    `<longdesc lang="en">${escapeXml(short)}.</longdesc>`,
    `<shortdesc lang="en">${escapeXml(short)}</shortdesc>`,
    `<content${attributes({ type, ...(value === undefined ? {} : { default: value }) })}/>`,
    "</parameter>",
  ];
}

function attributes(of: Readonly<Record<string, string>>): string {
  return Object.entries(of)
    .map(([name, value]) => ` ${name}="${escapeXml(value)}"`)
    .join("");
}
