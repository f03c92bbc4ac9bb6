/** Shadow copies of the CIB (crm_shadow): files in which changes are tried. CIB_shadow=NAME makes every command use one. */
import path from "node:path";
import { UserError } from "../../api/user-error.ts";
import { stateDirectory } from "../../host/paths/daemon-paths.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** CIB_shadow_dir moves them, as with Pacemaker. @throws UserError HF4600 for what cannot be a file's name. */
export function shadowFile(name: string, environment: Environment): string {
  if (name === "" || name.includes("/") || name.length > 200) {
    throw new UserError("HF4600", `"${name}" cannot be the name of a shadow copy`, { exit: 64 });
  }
  const given = environment["CIB_shadow_dir"] ?? "";
  const directory = given === "" ? path.join(stateDirectory(), "shadow") : given;
  return path.join(directory, `shadow.${name}`);
}

/** The file that the environment puts in the place of the running cluster's CIB; undefined where it names none. */
export function cibFileOf(environment: Environment): string | undefined {
  const shadow = environment["CIB_shadow"] ?? "";
  if (shadow !== "") return shadowFile(shadow, environment);
  const file = environment["CIB_file"] ?? "";
  return file === "" ? undefined : file;
}
