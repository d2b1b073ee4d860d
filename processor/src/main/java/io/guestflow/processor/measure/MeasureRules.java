package io.guestflow.processor.measure;

import io.guestflow.contracts.cxone.QueryCommand.MeasureConversations;
import java.time.Duration;
import java.util.List;

/**
 * How conversations are asked for.
 *
 * @param on whether they are asked for at all
 * @param batchMost conversations of one command
 * @param batchWeight what their ids may take together, as {@link IdWeight} has it: an outcome repeats them all, with
 *     figures, and must fit into a record
 * @param batchWait how long the first of a batch waits for more
 * @param delays before each further time that an answer without the conversation leads to; never empty
 * @param giveUpAfter how long after its end a conversation is asked for, if CXone cannot be asked; of one whose end is read
 *     later, one failure is the last
 * @param commandTime how long effects may take for a command
 * @param outcomeTime how much longer its outcome is waited for
 * @param mostOut commands of one partition that may be out: more would only wait at effects, until it is too late for them
 * @param mostPending conversations of one partition that wait or are asked for; those that end beyond are not
 */
public record MeasureRules(
        boolean on,
        int batchMost,
        int batchWeight,
        Duration batchWait,
        List<Duration> delays,
        Duration giveUpAfter,
        Duration commandTime,
        Duration outcomeTime,
        int mostOut,
        int mostPending) {
    private static final int BATCH_WEIGHT = 32 * 1024;
    private static final Duration COMMAND_TIME = Duration.ofMinutes(2);
    private static final Duration OUTCOME_TIME = Duration.ofSeconds(30);
    private static final int MOST_OUT = 2;
    private static final int MOST_PENDING = 100_000;

    /** @throws IllegalArgumentException if nothing could be asked with them */
    public MeasureRules {
        if (batchMost < 1 || batchMost > MeasureConversations.MOST || delays.isEmpty() || mostOut < 1) {
            throw new IllegalArgumentException("1 to " + MeasureConversations.MOST
                    + " conversations of a batch, at least one delay and one command, not " + batchMost + ", " + delays
                    + " and " + mostOut);
        }
        delays = List.copyOf(delays);
    }

    /** With what an operator may set. */
    public static MeasureRules of(boolean on, Duration batchWait, List<Duration> delays, Duration giveUpAfter) {
        return new MeasureRules(
                on,
                MeasureConversations.MOST,
                BATCH_WEIGHT,
                batchWait,
                delays,
                giveUpAfter,
                COMMAND_TIME,
                OUTCOME_TIME,
                MOST_OUT,
                MOST_PENDING);
    }

    /** The delay before the time after so many; it grows, and stays at the last one. */
    Duration delayAfter(int times) {
        return delays.get(Math.min(times, delays.size()) - 1);
    }
}
