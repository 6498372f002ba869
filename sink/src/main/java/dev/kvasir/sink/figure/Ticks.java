package dev.kvasir.sink.figure;

import java.util.List;

/**
 * What is written at an axis.
 *
 * @param at places
 * @param labels what is written there
 */
record Ticks(List<Double> at, List<String> labels) {}
