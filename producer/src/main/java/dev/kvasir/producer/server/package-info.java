/**
 * Starts the servers of strategies, waits until they are ready, and ends all that they left, on
 * every way out. One thread starts and ends them; it may be told of their death on another. Start
 * at {@link dev.kvasir.producer.server.Servers}.
 */
@NullMarked
package dev.kvasir.producer.server;

import org.jspecify.annotations.NullMarked;
