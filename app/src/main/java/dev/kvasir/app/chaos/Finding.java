package dev.kvasir.app.chaos;

/**
 * Something that must hold after chaos, and whether it does.
 *
 * @param what what must hold
 * @param holds whether it does
 * @param detail numbers, or the first thing that does not hold
 */
public record Finding(String what, boolean holds, String detail) {}
