package dev.kvasir.sink.imports;

import dev.kvasir.event.Host;

/**
 * Who imports, and when.
 *
 * @param at epoch nanoseconds of the import
 * @param version version of Kvasir
 * @param commit commit of Kvasir
 * @param host the machine that imports
 */
public record Stamp(long at, String version, String commit, Host host) {}
