/**
 * Events to Kafka, and what was not acknowledged. Whoever publishes never blocks: one thread
 * serialises and sends, and when Kafka is away events wait in memory and then in a file, in order.
 * Start at {@link dev.kvasir.producer.publish.EventPublisher}.
 */
@NullMarked
package dev.kvasir.producer.publish;

import org.jspecify.annotations.NullMarked;
