/**
 * One class per command, and the only code that prints. A command reads its options, asks the
 * {@code pipeline} package for what it needs, and shows the result; it keeps no state and starts no
 * stage by itself. Begin with {@link dev.kvasir.app.command.Kvasir}, the root of all commands.
 */
@NullMarked
package dev.kvasir.app.command;

import org.jspecify.annotations.NullMarked;
