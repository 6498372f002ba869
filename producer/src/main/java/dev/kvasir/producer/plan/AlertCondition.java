package dev.kvasir.producer.plan;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A rule that turns a metric into an alert.
 *
 * @param name unique in the plan
 * @param metric what is watched, such as {@code ttft_p99_ms} or a sample's name
 * @param above whether a value above the threshold raises the alert, or one below it
 * @param threshold in the metric's unit
 * @param windowSeconds window that the metric is taken from: 1, 10 or 60; 0 is the whole run
 * @param hold how long the condition must last before the alert is raised
 * @param clear value on whose other side a raised alert is cleared; null for the threshold itself
 */
public record AlertCondition(
    String name,
    String metric,
    boolean above,
    double threshold,
    int windowSeconds,
    Duration hold,
    @Nullable Double clear) {}
