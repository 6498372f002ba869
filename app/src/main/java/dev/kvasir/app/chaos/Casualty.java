package dev.kvasir.app.chaos;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A fault, and what came of it.
 *
 * @param fault what happened
 * @param backAfter time from when the process and everything that it needs was there again to its
 *     first new result; null if that never came
 */
record Casualty(Fault fault, @Nullable Duration backAfter) {}
