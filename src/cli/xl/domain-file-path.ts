/** Which file is meant by the operand of `xm create`. */
import { existsSync } from "node:fs";
import path from "node:path";
import { UserError } from "../../api/user-error.ts";

const domainDirectory = "/etc/xen";

/** As given, else in /etc/xen, as xm looked for it. @throws UserError HF4603 where there is none. */
export function domainFilePath(operand: string): string {
  const places = [path.resolve(operand), path.join(domainDirectory, operand)];
  const found = places.find((place) => existsSync(place));
  if (found !== undefined) return found;
  const looked = path.isAbsolute(operand) ? operand : places.join(" nor ");
  throw new UserError("HF4603", `there is no domain file ${looked}`, {
    remedy: `Name the file: a guest's description, such as ${domainDirectory}/host1.dom.`,
  });
}
