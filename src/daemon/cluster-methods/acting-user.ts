/** For whom a method works: root and hacluster may do everything, also in somebody else's name; others are themselves. */
import { UserError } from "../../api/user-error.ts";
import { type AclUser, clusterAccount, isUnrestrictedName } from "../../core/cib/acl/acl-user.ts";
import type { ControlClient } from "../../host/control/control-server.ts";
import { userById, userByName } from "../../host/users/users.ts";
import { optionalText, type Params } from "./params.ts";

const permissionDenied = 4;

/** Undefined for whom no access rule restricts. @throws UserError HF4647 for what only root may ask. */
export async function actingUser(
  params: Params,
  client: ControlClient,
): Promise<AclUser | undefined> {
  const as = optionalText(params, "as");
  const self = client.uid === 0 ? undefined : await userById(client.uid);
  if (self !== undefined && !isUnrestrictedName(self.name)) {
    if (as === undefined || as === self.name) return self;
    throw new UserError("HF4647", `${self.name} may not act as ${as}`, {
      exit: permissionDenied,
      remedy: `Leave out --user, and CIB_user; only root and ${clusterAccount} may act as others.`,
    });
  }
  if (as === undefined || as === "" || isUnrestrictedName(as)) return undefined;
  return await userByName(as);
}

/** @throws UserError HF4647 unless root asks, or the cluster's own account. */
export async function onlyRoot(method: string, client: ControlClient): Promise<void> {
  if (client.uid === 0) return;
  const { name } = await userById(client.uid);
  if (isUnrestrictedName(name)) return;
  throw new UserError("HF4647", `${name} may not do this (${method})`, {
    exit: permissionDenied,
    remedy: "Do it as root. Access rules of the CIB are about the CIB alone.",
  });
}
