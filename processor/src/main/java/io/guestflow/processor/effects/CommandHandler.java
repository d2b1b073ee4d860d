package io.guestflow.processor.effects;

/**
 * Carries a command out.
 *
 * <p>Threading: called on a virtual thread of its own for each command, commands of one key one after another; it may
 * block, within the command's deadline.
 */
@FunctionalInterface
public interface CommandHandler<C, O> {
    /**
     * The outcome, good or bad: every failure that can be expected has an outcome of its own. A
     * {@link RuntimeException} is a bug; the command is then answered with a general failure.
     *
     * @throws InterruptedException if it was told to stop; the command is then delivered again, to whoever is next
     */
    O handle(C command, Delivery delivery) throws InterruptedException;
}
