package redoubt.core.model;

/// A device of this host, as the kernel and the device itself describe it. Texts are empty if they
/// are not known.
///
/// @param subsystem of the kernel, such as `usb`, `block`, `input` or `net`
/// @param type what it is within that, such as `usb_device` or `disk`
/// @param path its directory below `/sys`, such as `/devices/virtual/block/loop8`
/// @param node its file below `/dev`, such as `bus/usb/001/004`
/// @param vendor the number of who made it, in four or more hexadecimal digits, such as `046d`
/// @param product the number that its maker gave it, in the same form
/// @param serial the serial number that it says it has
/// @param name how it calls itself, its maker first
public record Device(
    String subsystem,
    String type,
    String path,
    String node,
    String vendor,
    String product,
    String serial,
    String name) {}
