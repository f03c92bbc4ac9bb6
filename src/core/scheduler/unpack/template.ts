/** Templates: a resource takes what its template has and adds its own; its operations replace those of the same name. */
import {
  attribute,
  child,
  withAttributes,
  withChildren,
  type XmlElement,
} from "../../../formats/xml/xml-element.ts";
import { configError } from "../model/issues.ts";
import type { Cluster } from "../model/types.ts";

/** The expanded resource; undefined (and an issue) when the template is not there. */
export function expandTemplate(cluster: Cluster, resource: XmlElement): XmlElement | undefined {
  const name = attribute(resource, "template");
  if (name === undefined) return resource;
  const id = attribute(resource, "id");
  const template = name === id ? undefined : findTemplate(cluster, name);
  if (template === undefined) {
    configError(cluster, `resource ${id}: there is no template '${name}'`);
    return undefined;
  }
  const inherited = child(template, "operations");
  const own = child(resource, "operations");
  const merged =
    inherited !== undefined && own !== undefined ? mergeOperations(own, inherited) : own;
  const children = [
    ...template.children.filter((each) => own === undefined || each !== inherited),
    ...resource.children.map((each) => (each === own && merged !== undefined ? merged : each)),
  ];
  const attributes = {
    ...template.attributes,
    id: id ?? "",
    ...cloneNumber(resource),
  };
  return { ...withChildren(resource, children), attributes };
}

/** Records which resources a template stands for in constraints. */
export function noteTemplateUse(cluster: Cluster, template: string, resource: string): void {
  const users = cluster.templates.get(template);
  if (users === undefined) cluster.templates.set(template, [resource]);
  else if (!users.includes(resource)) users.push(resource);
}

function cloneNumber(resource: XmlElement): Readonly<Record<string, string>> {
  const clone = attribute(resource, "clone");
  return clone === undefined ? {} : { clone };
}

function findTemplate(cluster: Cluster, name: string): XmlElement | undefined {
  const configuration = child(cluster.input, "configuration");
  const resources = configuration === undefined ? undefined : child(configuration, "resources");
  return resources?.children.find(
    (each) => each.name === "template" && attribute(each, "id") === name,
  );
}

function mergeOperations(own: XmlElement, inherited: XmlElement): XmlElement {
  const replaced = new Set(own.children.map(operationKey));
  const kept = inherited.children.filter((operation) => !replaced.has(operationKey(operation)));
  return withChildren(withAttributes(own, {}), [...own.children, ...kept]);
}

/** Two operations are the same when name and role are; Started and Unpromoted are the role that goes without saying. */
function operationKey(operation: XmlElement): string {
  const role = attribute(operation, "role")?.toLowerCase();
  const implied = role === undefined || ["started", "unpromoted", "slave"].includes(role);
  return `${attribute(operation, "name")}-${implied ? "" : attribute(operation, "role")}`;
}
