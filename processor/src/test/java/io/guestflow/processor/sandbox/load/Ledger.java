package io.guestflow.processor.sandbox.load;

import io.guestflow.processor.sandbox.load.Workload.Answer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * What became of each request of one run. All times are of {@link System#nanoTime}.
 *
 * <p>Threading: thread-safe; one thread sends, one reads answers.
 */
final class Ledger {
    private static final long NOT_YET = Long.MIN_VALUE;

    private final RequestIds ids;
    private final Arrivals arrivals;
    private final long start;

    // Guarded by this.
    private final long[] sentAt;
    private final long[] answeredAt;
    private final Map<String, Integer> outcomes = new TreeMap<>();
    private int sent;
    private int answered;
    private int good;
    private int duplicates;
    private int replays;
    private int unexpected;
    private int firstOpen;
    private int sendFailures;

    Ledger(RequestIds ids, Arrivals arrivals, long start) {
        this.ids = ids;
        this.arrivals = arrivals;
        this.start = start;
        this.sentAt = new long[arrivals.count()];
        this.answeredAt = new long[arrivals.count()];
        Arrays.fill(answeredAt, NOT_YET);
    }

    long dueAt(int index) {
        return start + arrivals.nanos(index);
    }

    /** Requests are sent in the order of their numbers. */
    synchronized void sent(int index, long at) {
        sentAt[index] = at;
        sent = index + 1;
    }

    /** The broker never took a request. */
    synchronized void sendFailed() {
        sendFailures++;
        notifyAll();
    }

    /** Returns false if the answer is to no request of this run. */
    synchronized boolean answered(Answer answer, long at) {
        int index = ids.index(answer.requestId());
        if (index == RequestIds.FOREIGN || index >= sent) {
            return false;
        }
        if (answer.replayed()) {
            replays++;
        } else if (answeredAt[index] != NOT_YET) {
            duplicates++;
        } else {
            answeredAt[index] = at;
            answered++;
            outcomes.merge(answer.outcome(), 1, Integer::sum);
            if (answer.good()) {
                good++;
            }
            if (answered + sendFailures >= sent) {
                notifyAll();
            }
        }
        return true;
    }

    /** A record that answers nothing that was ever asked. */
    synchronized void unexpected() {
        unexpected++;
    }

    /** Whether a request has waited longer than that for its answer, or did before the answer came. */
    synchronized boolean lateBy(Duration limit, long now) {
        while (firstOpen < sent && answeredAt[firstOpen] != NOT_YET) {
            if (answeredAt[firstOpen] - dueAt(firstOpen) > limit.toNanos()) {
                return true;
            }
            firstOpen++;
        }
        return firstOpen < sent && now - dueAt(firstOpen) > limit.toNanos();
    }

    /** Waits until every request that was sent is answered, but no longer than that. */
    synchronized void awaitAnswers(long deadline) throws InterruptedException {
        while (answered + sendFailures < sent) {
            long leftMs = (deadline - System.nanoTime()) / 1_000_000;
            if (leftMs <= 0) {
                return;
            }
            wait(leftMs);
        }
    }

    /** The state now; {@code warmUp} from the start on is left out of the latencies. */
    synchronized LoadReport report(Duration warmUp) {
        long[] latencies = new long[sent];
        long[] lateness = new long[sent];
        int counted = 0;
        while (counted < sent && arrivals.nanos(counted) < warmUp.toNanos()) {
            counted++;
        }
        for (int i = 0; i < sent; i++) {
            latencies[i] = answeredAt[i] == NOT_YET ? LoadReport.UNANSWERED : answeredAt[i] - dueAt(i);
            lateness[i] = sentAt[i] - dueAt(i);
        }
        return new LoadReport(
                ids,
                new LoadReport.Counts(
                        arrivals.count(), sent, answered, good, duplicates, replays, unexpected, sendFailures),
                Map.copyOf(outcomes),
                counted,
                latencies,
                lateness);
    }
}
