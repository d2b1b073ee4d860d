package io.guestflow.processor.sandbox.load;

import java.time.Duration;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.HdrHistogram.Histogram;

/**
 * What a run of load brought. Latency counts from the time at which a request was due, so a late sender, a full buffer
 * and a slow system all show in it; how late the sender was is told beside it.
 *
 * <p>Threading: immutable.
 */
public final class LoadReport {
    static final long UNANSWERED = -1;

    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final int DIGITS = 3;

    private final RequestIds ids;
    private final Counts counts;
    private final Map<String, Integer> outcomes;
    private final int firstCounted;
    private final long[] latencies;
    private final long[] lateness;

    /**
     * How many.
     *
     * @param planned requests that the run was to send; more than {@code sent} when it was broken off
     * @param answered requests that got a first answer
     * @param good of those, the ones with the answer they should get
     * @param duplicates answers beyond the first that do not say that they are replayed
     * @param replays answers that say so
     * @param unexpected records that answer nothing that was ever asked
     * @param sendFailures requests that the broker did not take
     */
    public record Counts(
            int planned,
            int sent,
            int answered,
            int good,
            int duplicates,
            int replays,
            int unexpected,
            int sendFailures) {
        public int missing() {
            return sent - answered;
        }

        /** Exactly one answer for each, whatever it says, and nothing else. */
        public boolean accounted() {
            return answered == sent && duplicates == 0 && replays == 0 && unexpected == 0 && sendFailures == 0;
        }

        /** Exactly one answer for each, the right one, and nothing else. */
        public boolean clean() {
            return accounted() && good == sent;
        }
    }

    LoadReport(
            RequestIds ids,
            Counts counts,
            Map<String, Integer> outcomes,
            int firstCounted,
            long[] latencies,
            long[] lateness) {
        this.ids = ids;
        this.counts = counts;
        this.outcomes = outcomes;
        this.firstCounted = firstCounted;
        this.latencies = latencies;
        this.lateness = lateness;
    }

    public Counts counts() {
        return counts;
    }

    /** First answers by their outcome. */
    public Map<String, Integer> outcomes() {
        return outcomes;
    }

    /** Latencies in nanoseconds after the warm-up; unanswered requests are not in it. */
    public Histogram latencies() {
        return latenciesBeyond(requestId -> 0);
    }

    /**
     * Latencies without what somebody else is responsible for.
     *
     * @param notOurs that time of a request in nanoseconds, by request id
     */
    public Histogram latenciesBeyond(ToLongFunction<String> notOurs) {
        Histogram histogram = histogram();
        for (int i = firstCounted; i < latencies.length; i++) {
            if (latencies[i] != UNANSWERED) {
                record(histogram, latencies[i] - notOurs.applyAsLong(ids.of(i)));
            }
        }
        return histogram;
    }

    /** How late requests were sent, in nanoseconds, after the warm-up: the sender's part in the latencies. */
    public Histogram sendLateness() {
        Histogram histogram = histogram();
        for (int i = firstCounted; i < lateness.length; i++) {
            record(histogram, lateness[i]);
        }
        return histogram;
    }

    /** Whether every request that was planned was answered within the limit, those of the warm-up too. */
    public boolean allWithin(Duration limit) {
        if (counts.sent() < counts.planned()) {
            return false;
        }
        for (long latency : latencies) {
            if (latency == UNANSWERED || latency > limit.toNanos()) {
                return false;
            }
        }
        return true;
    }

    /** The counts in one line, for an error. */
    @Override
    public String toString() {
        return counts + " " + outcomes + ", missing " + counts.missing();
    }

    /** One for nanoseconds, as the reports' are. */
    public static Histogram histogram() {
        return new Histogram(LONGEST.toNanos(), DIGITS);
    }

    private static void record(Histogram histogram, long nanos) {
        // Below 0 on a busy machine: somebody else's clock stopped when he ran again, after his answer had been used.
        histogram.recordValue(Math.clamp(nanos, 0, LONGEST.toNanos()));
    }
}
