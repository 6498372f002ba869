/**
 * A server on this machine that emits tokens at known times, to warm a client up and to measure it.
 * It opens sockets on the loopback address only. Start at {@link
 * dev.kvasir.producer.loopback.Emitter}.
 */
@NullMarked
package dev.kvasir.producer.loopback;

import org.jspecify.annotations.NullMarked;
