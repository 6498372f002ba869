/**
 * Every topic once: its name, key, events, partitions and retention, and how events become bytes.
 * Modules meet here and nowhere else. Start at {@link dev.kvasir.topic.Topic}.
 */
@NullMarked
package dev.kvasir.topic;

import org.jspecify.annotations.NullMarked;
