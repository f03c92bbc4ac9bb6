/**
 * The keys of domain files: those that are used, and those that xl (4.17) or xm (4.4) knew and that have no effect
 * here. Any other key is unknown, and kept all the same.
 */

export const usedKeys: ReadonlySet<string> = new Set([
  "name",
  "uuid",
  "type",
  "builder",
  "kernel",
  "ramdisk",
  "root",
  "extra",
  "cmdline",
  "bootloader",
  "boot",
  "memory",
  "maxmem",
  "vcpus",
  "maxvcpus",
  "disk",
  "vif",
  "on_poweroff",
  "on_reboot",
  "on_crash",
  "nomigrate",
]);

/** The guest would have a device with these: to leave them out is more than a detail. */
export const deviceKeys: ReadonlySet<string> = new Set(
  `
  pci usb usbctrl usbdev usbdevice vtpm p9 pvcalls vfb vif2 vscsi vusb channel vdispl vsnd vkb virtio dtdev
  ioports iomem irqs irq blkif netif tpmif fda fdb
  `
    .trim()
    .split(/\s+/),
);

/** xm put these on the kernel's command line. */
export const commandLineKeys: ReadonlySet<string> = new Set([
  "ip",
  "gateway",
  "netmask",
  "hostname",
  "interface",
  "dhcp",
  "nfs_server",
  "nfs_root",
]);

/** How Xen makes the machine, where it runs, and how one looks at it. */
export const xenKeys: ReadonlySet<string> = new Set(
  `
  pool cpus cpus_soft cpu cpu_weight cpu_cap cap cpuid cpuid_check vcpu_avail vnuma nics
  on_watchdog on_soft_reset on_xend_start on_xend_stop restart xend_suspend_evtchn_compat
  bootargs bootentry bootloader_args bootloader_restrict bootloader_user
  firmware firmware_override bios bios_path_override loader
  pvshim pvshim_path pvshim_cmdline pvshim_extra
  seclabel init_seclabel access_control description target
  max_grant_frames max_maptrack_frames max_grant_version max_event_channels
  driver_domain device_tree passthrough vmtrace_buf_kb vpmu xenstore_feature_mask xenstore_quota
  keymap rdm rdm_mem_boundary pci_permissive pci_msitranslate pci_seize pci_power_mgmt gfx_passthru
  dm_restrict device_model device_model_user device_model_version device_model_override device_model_args
  device_model_args_pv device_model_args_hvm device_model_stubdomain_override
  stubdomain_kernel stubdomain_ramdisk stubdomain_cmdline stubdomain_memory
  e820_host hdtype hap oos shadow_memory memory_sharing pae acpi acpi_s3 acpi_s4 acpi_laptop_slate apic nx hpet
  altp2m altp2mhvm altp2m_count nestedhvm acpi_firmware smbios_firmware smbios ms_vm_genid tsc_mode
  localtime rtc_timeoffset vpt_align timer_mode mmio_hole xen_platform_pci xen_platform_pci_bar_uc viridian
  hvm_pirq videoram stdvga vga vnc vnclisten vncdisplay vncunused vncpasswd vncviewer vncconsole sdl display
  xauthority opengl nographic spice spicehost spiceport spicetls_port spicedisable_ticketing spicepasswd
  spiceagent_mouse spicevdagent spice_clipboard_sharing spiceusbredirection spice_image_compression
  spice_streaming_video serial parallel monitor monitor_path soundhw vkb_device usbversion vendor_device
  gic_version tee sve nr_spis vuart arm_sci llc_colors trap_unmapped_accesses
  features machine_address_size suppress_spurious_page_faults superpages s3_integrity isa guest_os_type vhpt
  `
    .trim()
    .split(/\s+/),
);
