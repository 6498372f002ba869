/**
 * Bytes in, messages out: server-sent events, parsed incrementally. It holds no more than one
 * message, of a bounded size, and knows nothing of JSON, sockets or time. Start at {@link
 * dev.kvasir.producer.sse.SseParser}.
 */
@NullMarked
package dev.kvasir.producer.sse;

import org.jspecify.annotations.NullMarked;
