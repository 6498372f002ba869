/**
 * What a strategy is, as its launch arguments tell. Rules are data, in {@code label-rules.yaml};
 * the code only applies them and touches neither files nor processes. Start at {@link
 * dev.kvasir.label.StrategyLabels}.
 */
@NullMarked
package dev.kvasir.label;

import org.jspecify.annotations.NullMarked;
