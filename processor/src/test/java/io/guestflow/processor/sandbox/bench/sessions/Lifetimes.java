package io.guestflow.processor.sandbox.bench.sessions;

import io.guestflow.contracts.session.Session;
import io.guestflow.contracts.session.SessionCommand;
import io.guestflow.contracts.session.SessionState;
import io.guestflow.processor.sandbox.load.LoadReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * How late each session was refreshed, said to be expiring, and ended, and what happened twice, early or not at all. The
 * first {@code active} numbers of the crowd are active and must be refreshed once; the others must run out.
 *
 * <p>Threading: the watch tells, another thread waits and asks.
 */
final class Lifetimes implements Watch.Listener {
    /** The processor's clock is slewed, ours is not. */
    private static final Duration EARLY = Duration.ofMillis(100);

    private final Crowd crowd;
    private final int active;
    private final Duration threshold;

    // Guarded by this.
    private final BitSet refreshed;
    private final BitSet expired;
    private final Histogram refreshes = LoadReport.histogram();
    private final Histogram expiring = LoadReport.histogram();
    private final Histogram expiries = LoadReport.histogram();
    private int refreshesLeft;
    private int expiriesLeft;
    private int refreshedTwice;
    private int expiredTwice;
    private int early;
    private int wrongRefreshes;
    private int wrongEnds;

    Lifetimes(Crowd crowd, int count, int active, Duration threshold) {
        this.crowd = crowd;
        this.active = active;
        this.threshold = threshold;
        this.refreshed = new BitSet(active);
        this.expired = new BitSet(count);
        this.refreshesLeft = active;
        this.expiriesLeft = count - active;
    }

    @Override
    public synchronized void command(SessionCommand command, Instant readAt) {
        int number = crowd.number(command.conversationId());
        if (number < 0 || !(command instanceof SessionCommand.Refresh refresh)) {
            return;
        }
        if (number >= active) {
            wrongRefreshes++;
        } else if (refreshed.get(number)) {
            refreshedTwice++;
        } else {
            refreshed.set(number);
            refreshesLeft--;
            late(refreshes, refresh.expiresAt().minus(threshold), readAt);
        }
    }

    @Override
    public synchronized void session(Session session, int partition, Instant readAt) {
        int number = crowd.number(session.conversationId());
        if (number < 0) {
            return;
        }
        if (session.state() == SessionState.EXPIRING) {
            late(expiring, session.expiresAt().minus(threshold), readAt);
        } else if (session.endedAt() != null) {
            if (number < active || session.state() != SessionState.EXPIRED) {
                wrongEnds++;
            } else if (expired.get(number)) {
                expiredTwice++;
            } else {
                expired.set(number);
                expiriesLeft--;
                late(expiries, session.expiresAt(), readAt);
            }
        }
    }

    private void late(Histogram histogram, Instant due, Instant readAt) {
        Duration late = Duration.between(due, readAt);
        if (late.compareTo(EARLY.negated()) < 0) {
            early++;
        }
        histogram.recordValue(Math.clamp(late.toNanos(), 0, histogram.getHighestTrackableValue()));
    }

    /** Waits until everything has happened that must, but no longer than that. */
    synchronized void await(Duration within) throws InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        while (refreshesLeft > 0 || expiriesLeft > 0) {
            long leftMs = (deadline - System.nanoTime()) / 1_000_000;
            if (leftMs <= 0) {
                return;
            }
            wait(Math.min(leftMs, 1_000));
        }
    }

    /** What is not as it must be. */
    synchronized List<String> broken() {
        List<String> broken = new ArrayList<>();
        tell(broken, refreshesLeft, "active sessions were not refreshed");
        tell(broken, expiriesLeft, "idle sessions did not run out");
        tell(broken, refreshedTwice, "refreshes were commanded again");
        tell(broken, expiredTwice, "sessions ended twice");
        tell(broken, wrongRefreshes, "idle sessions were refreshed");
        tell(broken, wrongEnds, "sessions ended that should not, or not for idleness");
        tell(broken, early, "refreshes or expiries came early");
        return broken;
    }

    synchronized Histogram refreshes() {
        return refreshes.copy();
    }

    synchronized Histogram expiring() {
        return expiring.copy();
    }

    synchronized Histogram expiries() {
        return expiries.copy();
    }

    private static void tell(List<String> broken, int times, String what) {
        if (times != 0) {
            broken.add("%,d %s".formatted(times, what));
        }
    }
}
