package redoubt.server.store;

import java.time.Instant;
import redoubt.core.model.Sha256;

/// Something that somebody did to the fleet. Immutable.
///
/// @param sequence from 1, without gaps
/// @param at when
/// @param actor who: a person's name, or `host:` and an id
/// @param action what, such as `host.enrol`
/// @param subject to what
/// @param detail for people
/// @param digest over all of this and the digest of the entry before it
public record AuditEntry(
    long sequence,
    Instant at,
    String actor,
    String action,
    String subject,
    String detail,
    Sha256 digest) {}
