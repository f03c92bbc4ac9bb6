/** The secret that cluster nodes and pacemaker_remoted share; the variable is Pacemaker's own. */
export function remoteKeyFile(): string {
  return process.env["PCMK_authkey_location"] ?? "/etc/pacemaker/authkey";
}
