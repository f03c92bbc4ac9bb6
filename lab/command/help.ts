/** What `holdfast lab --help` prints. */
export const labHelp = `Usage: holdfast lab COMMAND [--name NAME]

Real hosts on this one machine: namespaces of their own, one LAN, real processes. Needs root.

  up [--hosts N] [--dir DIR] [--lvm]   make a lab and boot its hosts: xen1, xen2 … (two by default)
  status [--json]                      hosts, what is cut, where the disks and consoles lie
  run HOST -- COMMAND …                run a command on a host; its exit code is ours
  shell HOST                           a shell on a host
  kill HOST                            power cut: every process of the host, guests too, dies
  boot HOST                            power on, with its disks, /etc and /var as they were
  cut HOST [--from HOST|client] [--only sends|hears] [--management]
                                       cut the network: from everyone or from one, both ways or
                                       one; --management cuts the way to the power switch, too
  heal [HOST]                          undo all cuts, or those of one host
  freeze HOST, thaw HOST               stop all processes of a host; let them go on
  down                                 remove the lab and all that it made

  --name NAME   which lab (default: lab); several can be up at once

On every host: eth0 at 10.0.0.1, .2 …; xenbr0, the guests' bridge on the same LAN; volumes are files
in /dev/xenhostfs. The LAN's client is at 10.0.0.254. /etc/holdfast/rc.boot runs at each boot.
`;
