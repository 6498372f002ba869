package dev.kvasir.producer.sampling;

import dev.kvasir.event.SampleSource;
import java.util.Map;

/**
 * One value of one series.
 *
 * @param source who is measured
 * @param name name of the sample
 * @param labels labels of the series
 * @param value value
 * @param counter whether the series only grows, but for a restart of what is measured
 */
record Reading(
    SampleSource source, String name, Map<String, String> labels, double value, boolean counter) {}
