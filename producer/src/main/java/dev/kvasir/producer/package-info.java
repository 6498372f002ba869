/**
 * The load generator: executes a plan's runs one after the other and publishes every event of them.
 * It meets the other modules in topics only. Start at {@link dev.kvasir.producer.Generator}.
 */
@NullMarked
package dev.kvasir.producer;

import org.jspecify.annotations.NullMarked;
