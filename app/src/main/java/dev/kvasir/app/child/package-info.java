/**
 * The processes that a command starts beside its own, each with a main of its own so that a pause
 * of one is not measured by another. They speak JSON lines with the process that started them and
 * print nothing. Begin with {@link dev.kvasir.app.child.Child}.
 */
@NullMarked
package dev.kvasir.app.child;

import org.jspecify.annotations.NullMarked;
