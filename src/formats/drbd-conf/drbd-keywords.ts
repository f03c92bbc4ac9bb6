/**
 * The words that drbdadm 8.4's scanner knows everywhere: without quotes none of them can be a name. (Values of
 * options such as `detach` or `both` are not among them.)
 */
export const drbdKeywords: ReadonlySet<string> = new Set(
  `
  global common resource include skip on floating stacked-on-top-of ignore-on _this_host _remote_host
  device minor disk meta-disk flexible-meta-disk volume address alternate-link-address
  net syncer startup handlers options proxy inside outside plugin
  yes no ask ipv4 ipv6 sci ssocks sdp
  minor-count dialog-refresh disable-ip-verification udev-always-use-vnr usage-count
  cmd-timeout-short cmd-timeout-medium cmd-timeout-long
  size on-io-error fencing max-bio-bvecs disk-timeout read-balancing rs-discard-granularity
  disable-write-same use-bmbv disk-barrier disk-flushes disk-drain md-flushes
  no-disk-barrier no-disk-flushes no-disk-drain no-md-flushes
  rate resync-rate after resync-after al-extents al-updates discard-zeroes-if-aligned
  c-plan-ahead c-delay-target c-fill-target c-max-rate c-min-rate
  timeout protocol ko-count ping-int max-buffers sndbuf-size rcvbuf-size connect-int cram-hmac-alg
  shared-secret max-epoch-size after-sb-0pri after-sb-1pri after-sb-2pri rr-conflict ping-timeout
  unplug-watermark data-integrity-alg on-congestion socket-check-timeout congestion-fill
  congestion-extents allow-two-primaries always-asbp no-tcp-cork tcp-cork discard-my-data
  verify-alg csums-alg csums-after-crash-only use-rle
  cpu-mask on-no-data-accessible
  delay-probe-volume delay-probe-interval throttle-threshold hold-off-threshold
  wfc-timeout degr-wfc-timeout outdated-wfc-timeout stacked-timeouts become-primary-on wait-after-sb
  pri-on-incon-degr pri-lost-after-sb pri-lost initial-split-brain split-brain outdate-peer fence-peer
  unfence-peer local-io-error before-resync-target after-resync-target before-resync-source out-of-sync
  memlimit read-loops compression bwlimit
  `
    .trim()
    .split(/\s+/),
);
