package dev.kvasir.sink.imports;

/**
 * A number that a tool reports about a run.
 *
 * @param metric its name in the tool's file
 * @param value its value, in the tool's unit
 * @param unit the tool's unit
 * @param definition what the tool means by it, as {@code tool:metric}
 */
record Figure(String metric, double value, String unit, String definition) {}
