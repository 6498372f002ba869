/**
 * Named SQL and its parameters. Questions are files beside the classes; nothing here talks to a
 * database. Start at {@link dev.kvasir.sink.question.Questions}.
 */
@NullMarked
package dev.kvasir.sink.question;

import org.jspecify.annotations.NullMarked;
