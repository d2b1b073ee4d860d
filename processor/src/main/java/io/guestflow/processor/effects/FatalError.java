package io.guestflow.processor.effects;

/**
 * Told of what ends the process.
 *
 * <p>Threading: called on whichever thread found it, at most once for each object that is given it.
 */
@FunctionalInterface
public interface FatalError {
    /** The process cannot go on because of {@code cause}; {@code line} says what happened and what to do. */
    void end(String line, Throwable cause);
}
