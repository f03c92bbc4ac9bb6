/** The schema of the whole CIB and of what is neither resource nor constraint. */
import {
  type AttributeTypes,
  atMostOne,
  type ElementDescription,
  exactlyOne,
  oneOrMore,
} from "./element-form.ts";

/** Attributes of <cib> that the schema knows, besides the version. */
const cibAttributes: AttributeTypes = {
  "validate-with": {
    pattern: /^(none|pacemaker-(0\.6|0\.7|1\.[0-3]|2\.\d+|3\.\d+|4\.\d+|next)|transitional-0\.6)$/,
    what: "the name of a schema, such as pacemaker-3.9",
  },
  crm_feature_set: "text",
  "remote-tls-port": "count",
  "remote-clear-port": "count",
  "have-quorum": "boolean",
  "dc-uuid": "text",
  "cib-last-written": "text",
  "no-quorum-panic": "boolean",
  "update-origin": "text",
  "update-client": "text",
  "update-user": "text",
  "execution-date": "text",
};

const sets = { meta_attributes: { is: "set" }, instance_attributes: { is: "set" } } as const;

export const otherForms: Readonly<Record<string, ElementDescription>> = {
  cib: [
    {
      required: { admin_epoch: "count", epoch: "count", num_updates: "count" },
      optional: cibAttributes,
      children: {
        configuration: { is: "configuration", ...exactlyOne },
        status: { is: "status", ...atMostOne },
      },
      ordered: true,
    },
  ],
  configuration: [
    {
      children: {
        crm_config: { is: "crm_config", ...exactlyOne },
        rsc_defaults: { is: "defaults", ...atMostOne },
        op_defaults: { is: "defaults", ...atMostOne },
        nodes: { is: "nodes", ...exactlyOne },
        resources: { is: "resources", ...exactlyOne },
        constraints: { is: "constraints", ...exactlyOne },
        "fencing-topology": { is: "fencing-topology", ...atMostOne },
        acls: { is: "acls", ...atMostOne },
        tags: { is: "tags", ...atMostOne },
        alerts: { is: "alerts", ...atMostOne },
      },
    },
  ],
  crm_config: [{ children: { cluster_property_set: { is: "cluster-options" } } }],
  defaults: [{ children: { meta_attributes: { is: "set" } } }],
  nodes: [{ children: { node: { is: "node" } } }],
  node: [
    {
      required: { id: "text", uname: "text" },
      optional: {
        type: { oneOf: ["member", "ping", "remote"] },
        description: "text",
        score: "score",
      },
      children: { instance_attributes: { is: "set" }, utilization: { is: "set" } },
    },
  ],
  ...fencingForms(),
  ...aclForms(),
  tags: [{ children: { tag: { is: "tag" } } }],
  tag: [{ required: { id: "id" }, children: { obj_ref: { is: "obj_ref", ...oneOrMore } } }],
  obj_ref: [{ required: { id: "text" } }],
  ...alertForms(),
};

function fencingForms(): Record<string, ElementDescription> {
  const level: AttributeTypes = {
    id: "id",
    index: "positive",
    devices: {
      pattern: /^[a-zA-Z0-9_.-]+(,[a-zA-Z0-9_.-]+)*$/,
      what: "names of fence devices with commas between them",
    },
  };
  return {
    "fencing-topology": [{ children: { "fencing-level": { is: "fencing-level" } } }],
    "fencing-level": [
      { when: { target: undefined }, required: { ...level, target: "text" } },
      { when: { "target-pattern": undefined }, required: { ...level, "target-pattern": "text" } },
      {
        required: { ...level, "target-attribute": "text", "target-value": "text" },
        hint: "It names target, target-pattern, or target-attribute with target-value.",
      },
    ],
  };
}

function aclForms(): Record<string, ElementDescription> {
  const permission: AttributeTypes = { id: "id", kind: { oneOf: ["read", "write", "deny"] } };
  return {
    acls: [
      {
        children: {
          acl_target: { is: "acl_target" },
          acl_group: { is: "acl_group" },
          acl_role: { is: "acl_role" },
        },
      },
    ],
    acl_target: [
      {
        required: { id: "text" },
        optional: { name: "text" },
        children: { role: { is: "acl-role-ref" } },
      },
    ],
    acl_group: [
      {
        required: { id: "id" },
        optional: { name: "text" },
        children: { role: { is: "acl-role-ref" } },
      },
    ],
    "acl-role-ref": [{ required: { id: "reference" } }],
    acl_role: [
      {
        required: { id: "id" },
        optional: { description: "text" },
        children: { acl_permission: { is: "acl_permission" } },
      },
    ],
    acl_permission: [
      {
        when: { xpath: undefined },
        required: { ...permission, xpath: "text" },
        optional: { description: "text" },
      },
      {
        when: { reference: undefined },
        required: { ...permission, reference: "reference" },
        optional: { description: "text" },
      },
      {
        required: { ...permission, "object-type": "text" },
        optional: { attribute: "text", description: "text" },
        hint: "It names xpath, reference or object-type.",
      },
    ],
  };
}

function alertForms(): Record<string, ElementDescription> {
  const events = ["select_fencing", "select_nodes", "select_resources"];
  return {
    alerts: [{ children: { alert: { is: "alert" } } }],
    alert: [
      {
        required: { id: "id", path: "text" },
        optional: { description: "text" },
        children: {
          ...sets,
          select: { is: "select", ...atMostOne },
          recipient: { is: "recipient" },
        },
      },
    ],
    recipient: [
      { required: { id: "id", value: "text" }, optional: { description: "text" }, children: sets },
    ],
    select: [
      {
        children: {
          select_attributes: { is: "select_attributes", ...atMostOne },
          ...Object.fromEntries(events.map((name) => [name, { is: "nothing", ...atMostOne }])),
        },
      },
    ],
    select_attributes: [{ children: { attribute: { is: "selected-attribute" } } }],
    "selected-attribute": [{ required: { id: "id", name: "text" } }],
    nothing: [{}],
  };
}
