/**
 * What is sent: prompts from data sets and traces, or made of a tokenizer's words, drawn with a
 * seed. Pure but for {@link dev.kvasir.producer.workload.DatasetFolder}, which opens files. Start
 * at {@link dev.kvasir.producer.workload.WorkloadSpec} and {@link
 * dev.kvasir.producer.workload.Workload}.
 */
@NullMarked
package dev.kvasir.producer.workload;

import org.jspecify.annotations.NullMarked;
