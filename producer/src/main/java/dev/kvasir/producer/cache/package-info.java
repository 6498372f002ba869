/**
 * What keeps one run's prompts out of another's way: a salt before every prompt, resets of the
 * server's caches, a ledger of the prompts that each server has seen, and the evidence that a run
 * met them all the same. It sends no measured request. Start at {@link
 * dev.kvasir.producer.cache.CacheStart}.
 */
@NullMarked
package dev.kvasir.producer.cache;

import org.jspecify.annotations.NullMarked;
