package dev.kvasir.producer;

import dev.kvasir.time.EpochAnchor;

/**
 * Who a run is.
 *
 * @param number run number
 * @param id readable id
 * @param at epoch nanoseconds of its creation
 * @param anchor makes epoch times of monotonic ones
 */
record RunIdentity(long number, String id, long at, EpochAnchor anchor) {}
