/**
 * The composition root: homes and who holds them, the stages of one process built in order and
 * closed in reverse, and the processes beside it. It prints nothing and decides nothing about
 * measurements. Begin with {@link dev.kvasir.app.pipeline.Home}.
 */
@NullMarked
package dev.kvasir.app.pipeline;

import org.jspecify.annotations.NullMarked;
