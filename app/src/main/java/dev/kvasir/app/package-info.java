/**
 * The {@code kvasir} program. {@link dev.kvasir.app.Main} hands its arguments to the commands; the
 * {@code pipeline} package builds what they need.
 */
@NullMarked
package dev.kvasir.app;

import org.jspecify.annotations.NullMarked;
