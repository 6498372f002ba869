package dev.kvasir.producer.plan;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A service level objective; a limit that is not given is met by every request that ends well.
 *
 * @param ttft limit of the time to first token, inclusive
 * @param tpot limit of the time per output token, inclusive
 * @param target share of requests that should attain both limits, above 0, at most 1
 */
public record Objective(
    @Nullable Duration ttft, @Nullable Duration tpot, @Nullable Double target) {}
