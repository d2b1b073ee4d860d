package io.guestflow.processor.analytics;

import io.guestflow.contracts.analytics.AuthCounts;
import io.guestflow.contracts.analytics.MessageCounts;
import io.guestflow.contracts.analytics.MetricsPartial;
import io.guestflow.contracts.analytics.SessionCounts;
import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.processor.wire.StoredForm.In;
import io.guestflow.processor.wire.StoredForm.Out;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many facts of each kind there are. Most facts change nothing else of a row, and this is small.
 *
 * <p>Threading: for one thread.
 */
final class Counts {
    private long succeeded;
    private long rejected;
    private long failed;
    private long opened;
    private long refreshed;
    private long expired;
    private long closed;
    private long inbound;
    private long outbound;
    private final Map<Integer, Long> byStatus = new TreeMap<>();

    /** Whether a fact changes anything here. */
    static boolean counts(Fact fact) {
        return switch (fact) {
            case Fact.AuthSucceeded ignored -> true;
            case Fact.AuthRejected ignored -> true;
            case Fact.AuthFailed ignored -> true;
            case Fact.SessionOpened ignored -> true;
            case Fact.SessionRefreshed ignored -> true;
            case Fact.SessionEnded ignored -> true;
            case Fact.MessageSeen ignored -> true;
            // A success after the deadline: its attempt is counted as one that failed.
            case Fact.AuthLate ignored -> false;
            case Fact.ContextInjected ignored -> false;
            case Fact.ContextFailed ignored -> false;
            case Fact.SessionExpiring ignored -> false;
            case Fact.GuestLinked ignored -> false;
            // What CXone counted is another topic's.
            case Fact.ConversationMeasured ignored -> false;
        };
    }

    /** Adds a fact that {@link #counts}. */
    void add(Fact fact) {
        switch (fact) {
            case Fact.AuthSucceeded ignored -> succeeded++;
            case Fact.AuthRejected auth -> {
                rejected++;
                byStatus.merge(auth.httpStatus(), 1L, Long::sum);
            }
            case Fact.AuthFailed auth -> {
                failed++;
                byStatus.merge(auth.httpStatus(), 1L, Long::sum);
            }
            case Fact.SessionOpened ignored -> opened++;
            case Fact.SessionRefreshed ignored -> refreshed++;
            case Fact.SessionEnded ended -> {
                if (byTime(ended.endReason())) {
                    expired++;
                } else {
                    closed++;
                }
            }
            case Fact.MessageSeen message -> {
                switch (message.direction()) {
                    case INBOUND -> inbound++;
                    case OUTBOUND -> outbound++;
                }
            }
            default -> throw new IllegalArgumentException(fact.getClass().getSimpleName() + " is not counted");
        }
    }

    /** As {@code guest-sessions} tells EXPIRED from CLOSED. */
    private static boolean byTime(EndReason reason) {
        return switch (reason) {
            case IDLE, REFRESH_FAILED, MAX_LIFETIME -> true;
            case CLOSED_UPSTREAM, REVOKED, ERASED, REPLACED_UPSTREAM -> false;
        };
    }

    void add(Counts other) {
        succeeded += other.succeeded;
        rejected += other.rejected;
        failed += other.failed;
        opened += other.opened;
        refreshed += other.refreshed;
        expired += other.expired;
        closed += other.closed;
        inbound += other.inbound;
        outbound += other.outbound;
        other.byStatus.forEach((status, count) -> byStatus.merge(status, count, Long::sum));
    }

    /** Guests that were authenticated. */
    long succeeded() {
        return succeeded;
    }

    /** Sessions that ended. */
    long ended() {
        return expired + closed;
    }

    /** All facts together. */
    long facts() {
        return succeeded + rejected + failed + opened + refreshed + expired + closed + inbound + outbound;
    }

    void write(Out out) {
        out.number(succeeded);
        out.number(rejected);
        out.number(failed);
        out.number(opened);
        out.number(refreshed);
        out.number(expired);
        out.number(closed);
        out.number(inbound);
        out.number(outbound);
        out.number(byStatus.size());
        byStatus.forEach((status, count) -> {
            out.number(status);
            out.number(count);
        });
    }

    static Counts read(In in) {
        Counts read = new Counts();
        read.succeeded = in.number();
        read.rejected = in.number();
        read.failed = in.number();
        read.opened = in.number();
        read.refreshed = in.number();
        read.expired = in.number();
        read.closed = in.number();
        read.inbound = in.number();
        read.outbound = in.number();
        for (int left = in.count(); left > 0; left--) {
            read.byStatus.put(in.count(), in.number());
        }
        return read;
    }

    static Counts of(MetricsPartial.Part part) {
        Counts read = new Counts();
        read.succeeded = part.auth().succeeded();
        read.rejected = part.auth().rejected();
        read.failed = part.auth().failed();
        part.auth().byStatus().forEach((status, count) -> read.byStatus.put(Integer.valueOf(status), count));
        read.opened = part.sessions().opened();
        read.refreshed = part.sessions().refreshed();
        read.expired = part.sessions().expired();
        read.closed = part.sessions().closed();
        read.inbound = part.messages().inbound();
        read.outbound = part.messages().outbound();
        return read;
    }

    AuthCounts auth() {
        Map<String, Long> statuses = new HashMap<>();
        byStatus.forEach((status, count) -> statuses.put(status.toString(), count));
        return new AuthCounts(succeeded + rejected + failed, succeeded, rejected, failed, statuses);
    }

    SessionCounts sessions() {
        return new SessionCounts(opened, refreshed, expired, closed);
    }

    MessageCounts messages() {
        return new MessageCounts(inbound, outbound);
    }
}
