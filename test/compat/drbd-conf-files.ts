/**
 * Files of drbd.conf for the comparison with drbdadm: 8.0's, 8.3's and 8.4's ways to write, odd ones, and bad ones.
 * All are for host `alpha`; `disable-ip-verification` is put in front of each.
 */

export type DrbdConfFile = { readonly title: string; readonly text: string };

const hosts = `
  on alpha { device /dev/drbd0; disk /dev/vg/r0; meta-disk internal; address 10.0.0.1:7789; }
  on bravo { device /dev/drbd0; disk /dev/vg/r0; meta-disk internal; address 10.0.0.2:7789; }
`;

/** Accepted by both, with the same canonical text. */
export const sameFiles: readonly DrbdConfFile[] = [
  { title: "nothing", text: "" },
  { title: "an empty resource", text: "resource r0 { }" },
  {
    title: "8.0 as the how-tos have it",
    text: `
      common {
        syncer { rate 10M; }
        protocol C;
        net { allow-two-primaries; after-sb-0pri discard-zero-changes; after-sb-1pri discard-secondary; }
      }
      resource "vm1" {
        on alpha { device /dev/drbd0; disk /dev/vg/vm1; meta-disk internal; address 10.0.0.1:7790; }
        on bravo { device /dev/drbd0; disk /dev/vg/vm1; meta-disk internal; address 10.0.0.2:7790; }
      }
      resource "vm2" {
        on alpha { device /dev/drbd1; disk /dev/vg/vm2; meta-disk internal; address 10.0.0.1:7791; }
        on bravo { device /dev/drbd1; disk /dev/vg/vm2; meta-disk internal; address 10.0.0.2:7791; }
      }`,
  },
  {
    title: "8.0's own example: handlers, startup, external metadata with an index",
    text: `
      resource r0 {
        protocol C;
        handlers {
          pri-on-incon-degr "echo o > /proc/sysrq-trigger ; halt -f";
          pri-lost-after-sb "echo o > /proc/sysrq-trigger ; halt -f";
          local-io-error "echo o > /proc/sysrq-trigger ; halt -f";
          outdate-peer "/usr/lib/heartbeat/drbd-peer-outdater -t 5";
        }
        startup { degr-wfc-timeout 120; }
        disk { on-io-error detach; }
        net {
          sndbuf-size 512k; timeout 60; connect-int 10; ping-int 10; max-buffers 2048;
          unplug-watermark 128; max-epoch-size 2048; ko-count 4;
          cram-hmac-alg "sha1"; shared-secret "FooFunFactory";
          after-sb-0pri disconnect; after-sb-1pri disconnect; after-sb-2pri disconnect; rr-conflict disconnect;
        }
        syncer { rate 10M; al-extents 257; }
        on alpha { device /dev/drbd0; disk /dev/hde5; address 10.0.0.1:7788; meta-disk /dev/hdb1[0]; }
        on bravo { device /dev/drbd0; disk /dev/hde5; address 10.0.0.2:7788; flexible-meta-disk /dev/hdb2; }
      }`,
  },
  {
    title: "8.3: inherited device and disk, no- flags, use-rle, an IPv6 address, become-primary-on",
    text: `
      common { startup { wfc-timeout 15; } handlers { split-brain "/x/notify.sh root"; } }
      resource r0 {
        device /dev/drbd_data minor 1;
        disk /dev/sdb1;
        meta-disk internal;
        net { no-tcp-cork; always-asbp; allow-two-primaries; on-congestion pull-ahead; congestion-fill 1G; }
        disk { no-disk-barrier; no-disk-flushes; no-md-flushes; use-bmbv; fencing resource-only; size 1G; }
        syncer { rate 40M; verify-alg sha1; use-rle; csums-alg md5; after r1; cpu-mask 3; on-no-data-accessible suspend-io; c-plan-ahead 0; }
        startup { become-primary-on both; outdated-wfc-timeout 20; wait-after-sb; }
        on alpha { address ipv6 [fd01:2345:6789:abcd::1]:7789; }
        on bravo { address ipv6 [fe80::2%eth0]:7789; }
      }
      resource r1 { device minor 5; disk "/dev/vg/with space"; meta-disk /dev/m[127];
        on alpha { address 10.0.0.1:7790; } on bravo { address ssocks 10.0.0.2:7790; } }`,
  },
  {
    title: "8.4: volumes, options, flags with yes and no",
    text: `
      common { net { protocol A; tcp-cork no; } options { on-no-data-accessible suspend-io; } disk { resync-rate 33M; } }
      resource r0 {
        net { protocol C; verify-alg "crc32c"; csums-after-crash-only yes; socket-check-timeout 5; ping-timeout 10; }
        disk { al-extents 6433; c-plan-ahead 15; c-fill-target 24M; c-max-rate 720M; c-min-rate 80M; disk-timeout 0; read-balancing least-pending; }
        options { cpu-mask 2; }
        volume 0 { device /dev/drbd1; disk /dev/sda7; meta-disk internal; disk { disk-flushes no; rs-discard-granularity 65536; } }
        volume 1 { device drbd2; disk /dev/sda8; flexible-meta-disk internal; }
        on alpha { address 10.1.1.31:7789; }
        on bravo { address ipv4 10.1.1.32:7789; options { cpu-mask 1; } }
      }
      resource r1 {
        on alpha { volume 7 { device minor 17; disk /dev/q; meta-disk /dev/mm; } volume 3 { device minor 13; disk /dev/p; meta-disk internal; disk { al-updates no; } } address 10.1.1.31:7790; }
        on bravo { volume 3 { device minor 13; disk /dev/p; meta-disk internal; } volume 7 { device minor 17; disk /dev/q; meta-disk /dev/mm; } address 10.1.1.32:7790; }
      }`,
  },
  {
    title: "another host's resource, a third host, one host alone",
    text: `
      resource other { on x { device /dev/drbd0; disk /dev/a; meta-disk internal; address 10.0.0.8:7789; }
                       on y { device /dev/drbd0; disk /dev/a; meta-disk internal; address 10.0.0.9:7789; } }
      resource three { ${hosts} on charlie delta { device /dev/drbd0; disk /dev/a; meta-disk internal; address 10.0.0.3:7789; } }
      resource alone { device /dev/drbd9; disk /dev/z; meta-disk internal; on alpha { address 10.0.0.1:7999; } }`,
  },
  {
    title: "floating sections",
    text: `resource r0 { device /dev/drbd0; disk /dev/a; meta-disk internal;
      floating 203.0.113.1:7789; floating ipv6 [2001:db8::2]:7789 { disk /dev/b; } }`,
  },
  {
    title: "a floating section for an address of this host",
    text: `resource r0 { device /dev/drbd0; disk /dev/a; meta-disk internal;
      floating 127.0.0.1:7789; floating 203.0.113.2:7789; }`,
  },
  {
    title: "a stacked resource",
    text: `resource r0 { ${hosts} }
      resource s0 { stacked-on-top-of r0 { device /dev/drbd10; address 10.1.0.1:7790; }
        on charlie { device /dev/drbd10; disk /dev/zz; meta-disk internal; address 10.1.0.9:7790; }
        startup { stacked-timeouts; } }`,
  },
  {
    title: "a proxy",
    text: `resource r0 { proxy { memlimit 100M; plugin { lzma contexts 4 level 9; } }
      on alpha { device /dev/drbd0; disk /dev/a; meta-disk internal; address 127.0.0.1:7789;
        proxy on alpha { inside 127.0.0.1:7788; outside 10.2.0.1:7788; options { memlimit 5M; } } }
      on bravo { device /dev/drbd0; disk /dev/a; meta-disk internal; address 127.0.0.1:7789;
        proxy on bravo { inside 127.0.0.1:7788; outside 10.2.0.2:7788; } } }`,
  },
  {
    title: "skip, comments, all on one line, quotes and escapes, ignore-on",
    text: `skip { resource { } [ ; } skip "some text" { a { b ; } }
      resource "r 0" { # a comment { }
      ignore-on zulu; net { shared-secret "a \\"b\\" \\\\c"; cram-hmac-alg sha1; } handlers { fence-peer "x#y"; } ${hosts} }`,
  },
  {
    title: "options twice, and odd but possible values",
    text: `resource r0 { net { timeout 50; timeout 51; sndbuf-size 0; ko-count 0; max-buffers 32; }
      disk { on-io-error nonsense; resync-rate 4G; c-min-rate 0; size 123456789; delay-probe-volume 5; al-extents 7; } ${hosts} }`,
  },
  {
    title: "two resources on one disk",
    text: `resource r0 { ${hosts} } resource r1 {
      on alpha { device /dev/drbd1; disk /dev/vg/r0; meta-disk internal; address 10.0.0.1:7790; }
      on bravo { device /dev/drbd1; disk /dev/vg/r0; meta-disk internal; address 10.0.0.2:7790; } }`,
  },
  {
    title: "one loopback address on each host",
    text: `resource r0 {
      on alpha { device /dev/drbd1; disk /dev/a; meta-disk internal; address 127.0.0.1:7790; }
      on bravo { device /dev/drbd1; disk /dev/a; meta-disk internal; address 127.0.0.1:7790; } }`,
  },
  {
    title: "a discard policy for a host, and protocol in lower case",
    text: `resource r0 { protocol b; net { after-sb-0pri discard-node-bravo; } ${hosts} }`,
  },
  {
    title: "a volume's external metadata in one indexed device",
    text: `resource r0 { volume 0 { device minor 1; disk /dev/a; meta-disk /dev/m[0]; } volume 1 { device minor 2; disk /dev/b; meta-disk /dev/m[1]; }
      on alpha { address 10.0.0.1:1; } on bravo { address 10.0.0.2:65535; } }`,
  },
];

/** Refused by both. */
export const badFiles: readonly DrbdConfFile[] = [
  { title: "a word at the top", text: "hello" },
  { title: "a missing semicolon", text: `resource r0 { protocol C ${hosts} }` },
  { title: "an unknown statement", text: `resource r0 { foo bar; ${hosts} }` },
  { title: "an unknown option", text: `resource r0 { net { ping-interval 10; } ${hosts} }` },
  {
    title: "an option in the wrong section",
    text: `resource r0 { net { resync-rate 1M; } ${hosts} }`,
  },
  { title: "resync-rate in syncer", text: `resource r0 { syncer { resync-rate 1M; } ${hosts} }` },
  { title: "a keyword as host name", text: "resource r0 { on net { } }" },
  { title: "a number as resource name", text: "resource 5 { }" },
  { title: "discard-my-data in a file", text: `resource r0 { net { discard-my-data; } ${hosts} }` },
  { title: "a number out of range", text: `resource r0 { net { timeout 601; } ${hosts} }` },
  { title: "zero where one is least", text: `resource r0 { net { timeout 0; } ${hosts} }` },
  { title: "a rate above the maximum", text: `common { syncer { rate 5000M; } }` },
  { title: "a word where a number belongs", text: `common { syncer { rate fast; } }` },
  { title: "a negative number", text: `common { net { timeout -5; } }` },
  { title: "protocol D", text: `resource r0 { protocol D; ${hosts} }` },
  { title: "a flag with a value", text: `resource r0 { net { always-asbp maybe; } ${hosts} }` },
  { title: "an unterminated quote", text: 'resource "r0 { }\n' },
  { title: "a word too long", text: `resource ${"x".repeat(129)} { }` },
  { title: "a quoted word too long", text: `resource "${"x".repeat(256)}" { }` },
  {
    title: "a character that is none of drbd.conf's",
    text: "resource r0 { net { timeout = 5; } }",
  },
  { title: "a host section in common", text: `common { ${hosts} }` },
  {
    title: "two sections of one kind",
    text: `resource r0 { net { timeout 5; } net { timeout 6; } ${hosts} }`,
  },
  { title: "two disk sections", text: `resource r0 { disk { } disk { } ${hosts} }` },
  { title: "protocol twice", text: `resource r0 { protocol C; protocol B; ${hosts} }` },
  { title: "two commons", text: "common { } common { }" },
  { title: "two resources of one name", text: "resource r0 { } resource r0 { }" },
  { title: "a resource called global", text: 'resource "global" { }' },
  { title: "one host twice", text: `resource r0 { ${hosts} ${hosts} }` },
  {
    title: "one address and port twice",
    text: `resource r0 { ${hosts} } resource r1 {
      on alpha { device /dev/drbd1; disk /dev/b; meta-disk internal; address 10.0.0.1:7789; }
      on bravo { device /dev/drbd1; disk /dev/b; meta-disk internal; address 10.0.0.2:7790; } }`,
  },
  {
    title: "one minor twice on a host",
    text: `resource r0 { ${hosts} } resource r1 {
      on alpha { device /dev/drbd0; disk /dev/b; meta-disk internal; address 10.0.0.1:7790; }
      on bravo { device /dev/drbd1; disk /dev/b; meta-disk internal; address 10.0.0.2:7790; } }`,
  },
  {
    title: "one index of metadata twice",
    text: `resource r0 { volume 0 { device minor 1; disk /dev/a; meta-disk /dev/m[1]; } volume 1 { device minor 2; disk /dev/b; meta-disk /dev/m[1]; }
      on alpha { address 10.0.0.1:1; } on bravo { address 10.0.0.2:1; } }`,
  },
  {
    title: "no address",
    text: "resource r0 { on alpha { device /dev/drbd0; disk /dev/a; meta-disk internal; } }",
  },
  {
    title: "no disk",
    text: "resource r0 { on alpha { device /dev/drbd0; meta-disk internal; address 10.0.0.1:1; } }",
  },
  {
    title: "no device",
    text: "resource r0 { on alpha { disk /dev/a; meta-disk internal; address 10.0.0.1:1; } }",
  },
  {
    title: "no meta-disk",
    text: "resource r0 { on alpha { device /dev/drbd0; disk /dev/a; address 10.0.0.1:1; } }",
  },
  {
    title: "statements of the resource after its hosts",
    text: "resource r0 { on alpha { address 10.0.0.1:1; device minor 1; meta-disk internal; } disk /dev/a; }",
  },
  {
    title: "volumes on one host only",
    text: `resource r0 { on alpha { address 10.0.0.1:1; volume 1 { device minor 1; disk /dev/a; meta-disk internal; } }
      on bravo { address 10.0.0.2:1; volume 2 { device minor 1; disk /dev/a; meta-disk internal; } } }`,
  },
  {
    title: "volumes with and without volume { }",
    text: `resource r0 { device minor 9; disk /dev/x; meta-disk internal; on alpha { address 10.0.0.1:1; }
      on bravo { address 10.0.0.2:1; volume 1 { device minor 3; disk /dev/y; meta-disk internal; } } }`,
  },
  {
    title: "an implicit volume 0 on one host, an explicit one on the other",
    text: `resource r0 { on alpha { address 10.0.0.1:1; device minor 1; disk /dev/a; meta-disk internal; }
      on bravo { address 10.0.0.2:1; volume 0 { device minor 1; disk /dev/a; meta-disk internal; } } }`,
  },
  { title: "a device that is none of DRBD's", text: "resource r0 { device /dev/sda minor 1; }" },
  { title: "a device without a number", text: "resource r0 { device /dev/drbd_x; }" },
  { title: "a device and another minor", text: "resource r0 { device /dev/drbd3 minor 4; }" },
  {
    title: "a device name without the underscore",
    text: "resource r0 { device /dev/drbdx minor 4; }",
  },
  { title: "an address that is a name", text: "resource r0 { on alpha { address alpha:7789; } }" },
  { title: "an address without a port", text: "resource r0 { on alpha { address 10.0.0.1; } }" },
  { title: "port 0", text: "resource r0 { on alpha { address 10.0.0.1:0; } }" },
  { title: "port 65536", text: "resource r0 { on alpha { address 10.0.0.1:65536; } }" },
  {
    title: "an IPv6 address without ipv6",
    text: "resource r0 { on alpha { address [::1]:7789; } }",
  },
  {
    title: "an address in a floating section",
    text: "resource r0 { floating 10.0.0.1:1 { address 10.0.0.1:1; } }",
  },
  {
    title: "become-primary-on both with one Primary",
    text: `resource r0 { startup { become-primary-on both; } ${hosts} }`,
  },
  {
    title: "become-primary-on a stranger",
    text: `resource r0 { startup { become-primary-on zulu; } ${hosts} }`,
  },
  {
    title: "a floating section beside the host's own name is fine, a second name is not",
    text: `resource r0 { ${hosts} on alpha { } }`,
  },
  { title: "skip without an end", text: "skip { a { b } " },
  {
    title: "an include that is not there",
    text: 'include "/nonexistent/drbd.d/global_common.conf";',
  },
  {
    title: "a stacked resource on nothing",
    text: "resource s0 { stacked-on-top-of r9 { device minor 3; address 10.1.0.1:1; } }",
  },
  {
    title: "a proxy on one side only",
    text: `resource r0 { on alpha { device /dev/drbd0; disk /dev/a; meta-disk internal; address 10.0.0.1:7789;
        proxy on alpha { inside 127.0.0.1:7788; outside 10.2.0.1:7788; } }
      on bravo { device /dev/drbd0; disk /dev/a; meta-disk internal; address 10.0.0.2:7789; } }`,
  },
  {
    title: "a half proxy",
    text: `resource r0 { on alpha { device /dev/drbd0; disk /dev/a; meta-disk internal; address 10.0.0.1:7789;
        proxy on alpha { inside 127.0.0.1:7788; } } }`,
  },
  { title: "minor-count out of range", text: "global { minor-count 256; }" },
  { title: "usage-count maybe", text: "global { usage-count maybe; }" },
];

/** Accepted by drbdadm 8.4 and refused here, each for its reason. */
export const stricterFiles: readonly DrbdConfFile[] = [
  {
    title: "a file that ends inside a section: it may have been cut off",
    text: `resource r0 { ${hosts}`,
  },
  {
    title: "one volume number twice",
    text: `resource r0 { volume 0 { device minor 1; disk /dev/a; meta-disk internal; } volume 0 { device minor 2; disk /dev/b; meta-disk internal; }
      on alpha { address 10.0.0.1:1; } on bravo { address 10.0.0.2:1; } }`,
  },
  {
    title: "a port with a suffix",
    text: "resource r0 { device minor 1; disk /dev/a; meta-disk internal; on alpha { address 10.0.0.1:7K; } }",
  },
  {
    title: "an address with a number above 255",
    text: "resource r0 { device minor 1; disk /dev/a; meta-disk internal; on alpha { address 10.0.0.256:7; } }",
  },
  {
    title: "a minor above DRBD's largest",
    text: "resource r0 { device minor 1048576; disk /dev/a; meta-disk internal; on alpha { address 10.0.0.1:7; } }",
  },
  {
    title: "a volume above DRBD's largest",
    text: "resource r0 { volume 65536 { device minor 1; disk /dev/a; meta-disk internal; } on alpha { address 10.0.0.1:7; } }",
  },
  { title: "a resource called all", text: "resource all { }" },
  { title: "a resource with a slash", text: 'resource "a/b" { }' },
];

/** Refused by drbdadm 8.4 and accepted here: 8.0's and 8.3's ways, and DRBD 9's words with a warning. */
export const widerFiles: readonly DrbdConfFile[] = [
  {
    title: "8.3's forgotten options in syncer",
    text: `resource r0 { syncer { delay-probe-volume 5; rate 1M; } ${hosts} }`,
  },
  {
    title: "DRBD 9's words",
    text: `require-drbd-module-version-ge 9.0.16;
      resource r0 { options { quorum majority; auto-promote yes; } net { transport tcp; fencing resource-only; }
      handlers { quorum-lost "/bin/true"; } disk { block-size 4096; }
      on alpha { node-id 0; device /dev/drbd0; disk /dev/a; meta-disk internal; address 10.0.0.1:7789; }
      on bravo { node-id 1; device /dev/drbd0; disk /dev/a; meta-disk internal; address 10.0.0.2:7789; }
      connection { host alpha port 7790; host bravo port 7790; net { protocol A; } path { host alpha address 10.1.0.1:1; } }
      connection-mesh { hosts alpha bravo; } }`,
  },
];
