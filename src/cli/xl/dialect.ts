/** What xm and xl say and exit with differently. */
export type Dialect = {
  readonly name: "xl" | "xm";
  /** Exit status when a guest cannot be created: xl's libxl error, xm's plain 1. */
  readonly exitCreate: number;
  readonly parsing: (file: string) => string;
  readonly created: (name: string, id: number | undefined) => string;
};

export const xl: Dialect = {
  name: "xl",
  exitCreate: 3,
  parsing: (file) => `Parsing config from ${file}\n`,
  created: () => "",
};

export const xm: Dialect = {
  name: "xm",
  exitCreate: 1,
  parsing: (file) => `Using config file "${file}".\n`,
  created: (name, id) => `Started domain ${name}${id === undefined ? "" : ` (id=${id})`}\n`,
};
