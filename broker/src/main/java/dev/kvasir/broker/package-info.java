/**
 * A real Kafka in this process, for one machine: broker and controller in one, data in a folder
 * that survives it. It knows nothing of events. Start at {@link dev.kvasir.broker.EmbeddedBroker}.
 */
@NullMarked
package dev.kvasir.broker;

import org.jspecify.annotations.NullMarked;
