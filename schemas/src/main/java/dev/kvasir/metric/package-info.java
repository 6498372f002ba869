/**
 * The definition of every metric, once, as pure functions of events. Times are nanoseconds; what
 * cannot be known is null or absent, never zero. Start at {@link dev.kvasir.metric.RequestMetrics}.
 */
@NullMarked
package dev.kvasir.metric;

import org.jspecify.annotations.NullMarked;
