package io.guestflow.processor.wire;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.processor.api.ProcessingContext;

/**
 * Asks for a commit when something was forwarded that somebody waits for: under exactly-once a record is visible only
 * when its transaction commits.
 *
 * <p>Not before the last record of the poll is processed. Kafka Streams looks for requested commits after one record of
 * each task and commits all of them, whatever else lies in its buffers; asking at every record would make each
 * transaction as small as that, and a thread that has fallen behind, spending its time on commits, would never catch up.
 * This way transactions grow with the backlog. And at most once in 5 ms for each stream thread. What is not asked for
 * is committed by {@code commit.interval.ms}, also between the records of a long poll.
 *
 * <p>Threading: one for an application; keeps its counts per stream thread, which polls and processes.
 */
public final class CommitPacer {
    static final long PACE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final LongSupplier nanoTime;
    private final boolean asks;
    private final ThreadLocal<Turn> turns = ThreadLocal.withInitial(Turn::new);

    /** For exactly-once; measures with the given nanosecond source. */
    public CommitPacer(LongSupplier nanoTime) {
        this(nanoTime, true);
    }

    private CommitPacer(LongSupplier nanoTime, boolean asks) {
        this.nanoTime = nanoTime;
        this.asks = asks;
    }

    /**
     * For at-least-once, where a record is visible when it is sent: asks for no commit at all. A commit would only hold
     * up the thread, and how much is done twice after a crash is bounded by {@code commit.interval.ms}.
     */
    public static CommitPacer askingForNone() {
        return new CommitPacer(() -> 0, false);
    }

    /**
     * Somebody waits for what was just forwarded. From within a record, {@link #processed} must follow; from a
     * punctuation it need not.
     */
    public void request(ProcessingContext context) {
        if (!asks) {
            return;
        }
        Turn turn = turns.get();
        turn.wanted = true;
        if (turn.left == 0) {
            commit(turn, context);
        }
    }

    /** A record of a source topic is done with, whatever came of it. */
    public void processed(ProcessingContext context) {
        Turn turn = turns.get();
        if (turn.left > 0) {
            turn.left--;
        }
        if (turn.left == 0 && turn.wanted) {
            commit(turn, context);
        }
    }

    /**
     * The calling stream thread has polled so many records; only its consumer knows. The count begins anew: those of the
     * last poll are processed, or will never be, because their task is gone or they could not be deserialized.
     */
    public void polled(int records) {
        turns.get().left = records;
    }

    private void commit(Turn turn, ProcessingContext context) {
        turn.wanted = false;
        long now = nanoTime.getAsLong();
        if (!turn.requested || now - turn.requestedAt >= PACE_NANOS) {
            turn.requested = true;
            turn.requestedAt = now;
            context.commit();
        }
    }

    /** What a stream thread has before it. */
    private static final class Turn {
        /** Records of the last poll that are not processed yet. */
        int left;

        boolean wanted;
        boolean requested;
        long requestedAt;
    }
}
