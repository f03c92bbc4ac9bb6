/** Names of clone instances: BASE:NUMBER. */
const instance = /^(.+):(\d+)$/;

/** The name without its instance number; a name without one stays as it is. */
export function baseName(id: string): string {
  return instance.exec(id)?.[1] ?? id;
}

/** The name of the first instance of the clone that `id` names an instance of. */
export function firstInstanceName(id: string): string {
  return `${baseName(id)}:0`;
}
