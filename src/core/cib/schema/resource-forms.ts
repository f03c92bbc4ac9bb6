/** The schema of <resources>: primitives, templates, groups, clones and bundles. */
import {
  type AttributeTypes,
  atMostOne,
  type ElementDescription,
  type ElementForm,
  exactlyOne,
  oneOrMore,
} from "./element-form.ts";

const sets = {
  meta_attributes: { is: "set" },
  instance_attributes: { is: "set" },
} as const;

const primitiveChildren = {
  meta_attributes: { is: "primitive-meta" },
  instance_attributes: { is: "set" },
  utilization: { is: "set" },
  operations: { is: "operations", ...atMostOne },
} as const;

const ocf: ElementForm = {
  when: { class: "ocf" },
  required: { id: "id", class: "text", provider: "text", type: "text" },
  optional: { description: "text" },
  children: primitiveChildren,
};

const otherClass: ElementForm = {
  required: {
    id: "id",
    class: {
      oneOf: ["ocf", "lsb", "heartbeat", "stonith", "service", "systemd", "upstart", "nagios"],
    },
    type: "text",
  },
  optional: { description: "text" },
  children: primitiveChildren,
  hint: "Only class ocf has a provider.",
};

const fromTemplate: ElementForm = {
  when: { template: undefined },
  required: { id: "id", template: "reference" },
  optional: { description: "text" },
  children: primitiveChildren,
};

const primitiveOrGroup = { primitive: { is: "primitive" }, group: { is: "group" } } as const;

const clone: ElementForm = {
  required: { id: "id" },
  optional: { description: "text" },
  children: { ...sets, ...primitiveOrGroup },
  together: { names: ["primitive", "group"], least: 1, most: 1 },
};

export const roleNames: readonly string[] = [
  "Stopped",
  "Started",
  "Promoted",
  "Unpromoted",
  "Slave",
  "Master",
];

export const resourceForms: Readonly<Record<string, ElementDescription>> = {
  resources: [
    {
      children: {
        primitive: { is: "primitive" },
        template: { is: "template" },
        group: { is: "group" },
        clone: { is: "clone" },
        master: { is: "clone" },
        bundle: { is: "bundle" },
      },
    },
  ],
  primitive: [fromTemplate, ocf, otherClass],
  template: [ocf, otherClass],
  group: [
    {
      required: { id: "id" },
      optional: { description: "text" },
      children: { ...sets, primitive: { is: "primitive", ...oneOrMore } },
    },
  ],
  clone: [clone],
  operations: [{ optional: { id: "id", "id-ref": "reference" }, children: { op: { is: "op" } } }],
  op: [
    {
      required: { id: "id", name: "text", interval: "text" },
      optional: {
        description: "text",
        "start-delay": "text",
        "interval-origin": "text",
        timeout: "text",
        enabled: "boolean",
        "record-pending": "boolean",
        role: { oneOf: roleNames },
        "on-fail": {
          oneOf: [
            "ignore",
            "block",
            "demote",
            "stop",
            "restart",
            "standby",
            "fence",
            "restart-container",
          ],
        },
      },
      notTogether: ["start-delay", "interval-origin"],
      children: { meta_attributes: { is: "op-meta" }, instance_attributes: { is: "set" } },
    },
  ],
  ...bundleForms(),
};

function bundleForms(): Record<string, ElementDescription> {
  const container: AttributeTypes = {
    replicas: "integer",
    "replicas-per-host": "integer",
    masters: "integer",
    "promoted-max": "integer",
    "run-command": "text",
    network: "text",
    options: "text",
  };
  const engines = ["docker", "rkt", "podman"];
  return {
    bundle: [
      {
        required: { id: "id" },
        optional: { description: "text" },
        children: {
          ...sets,
          ...Object.fromEntries(engines.map((name) => [name, { is: "container" }])),
          network: { is: "network", ...atMostOne },
          storage: { is: "storage", ...atMostOne },
          primitive: { is: "primitive", ...atMostOne },
        },
        together: { names: engines, ...exactlyOne },
      },
    ],
    container: [
      {
        required: { image: "text" },
        optional: container,
        notTogether: ["masters", "promoted-max"],
      },
    ],
    network: [
      {
        optional: {
          "ip-range-start": "text",
          "control-port": "integer",
          "host-interface": "text",
          "host-netmask": "integer",
          "add-host": "boolean",
        },
        children: { "port-mapping": { is: "port-mapping" } },
      },
    ],
    "port-mapping": [
      {
        when: { port: undefined },
        required: { id: "id", port: "integer" },
        optional: { "internal-port": "integer" },
      },
      {
        required: {
          id: "id",
          range: { pattern: /^[0-9-]+$/, what: "two ports with a - between them" },
        },
      },
    ],
    storage: [{ children: { "storage-mapping": { is: "storage-mapping" } } }],
    "storage-mapping": [
      {
        when: { "source-dir": undefined },
        required: { id: "id", "source-dir": "text", "target-dir": "text" },
        optional: { options: "text" },
      },
      {
        required: { id: "id", "source-dir-root": "text", "target-dir": "text" },
        optional: { options: "text" },
      },
    ],
  };
}
