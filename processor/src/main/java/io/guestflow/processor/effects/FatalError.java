package io.guestflow.processor.effects;

/**
 * Told of what ends the process.
 *
 * <p>Threading: called on whichever thread found it, at most once by each object that is given it. It must return: an
 * orderly end waits for that thread.
 */
@FunctionalInterface
public interface FatalError {
    /** The process cannot go on because of {@code cause}; {@code line} says what happened and what to do. */
    void end(String line, Throwable cause);
}
