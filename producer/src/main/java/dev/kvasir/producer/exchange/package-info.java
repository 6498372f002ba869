/**
 * One request's life and the events that each transition emits, and what each protocol sends and
 * reads. It opens no socket and reads no clock: bytes and times are arguments. Start at {@link
 * dev.kvasir.producer.exchange.Exchange}; a further protocol is one class that implements {@link
 * dev.kvasir.producer.exchange.Dialect}.
 */
@NullMarked
package dev.kvasir.producer.exchange;

import org.jspecify.annotations.NullMarked;
