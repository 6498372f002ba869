/**
 * A plan as a validated value, and the runs that it makes. Pure: text in, values or every problem
 * at once out. Start at {@link dev.kvasir.producer.plan.PlanParser} and {@link
 * dev.kvasir.producer.plan.Matrix}.
 */
@NullMarked
package dev.kvasir.producer.plan;

import org.jspecify.annotations.NullMarked;
