/**
 * Drives exchanges over Vert.x: one event loop owns its requests, sends them when they are due and
 * stamps what comes back at the socket read. Nothing in it may block the loop; events leave through
 * the sink that the caller gives. Start at {@link dev.kvasir.producer.client.LoadClient}.
 */
@NullMarked
package dev.kvasir.producer.client;

import org.jspecify.annotations.NullMarked;
