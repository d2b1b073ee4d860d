package io.guestflow.processor.analytics;

import io.guestflow.contracts.analytics.AuthCounts;
import io.guestflow.contracts.analytics.MessageCounts;
import io.guestflow.contracts.analytics.MetricsPartial;
import io.guestflow.contracts.analytics.MetricsWindow;
import io.guestflow.contracts.analytics.SessionCounts;
import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.processor.wire.StoredForm.In;
import io.guestflow.processor.wire.StoredForm.Out;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What facts come to. The same for the same facts, in whatever order they are added, and however they were divided before
 * they were merged.
 *
 * <p>Threading: for one thread.
 */
final class Aggregate {
    private static final long HALF_A_SECOND_MS = 500;
    private static final long SECOND_MS = Duration.ofSeconds(1).toMillis();

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
    private Distribution latencyMs = new Distribution();
    private Distribution durationS = new Distribution();

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
        };
    }

    /** Adds a fact that {@link #counts}. */
    void add(Fact fact) {
        switch (fact) {
            case Fact.AuthSucceeded auth -> {
                succeeded++;
                latencyMs.add(auth.latencyMs());
            }
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
                durationS.add((ended.durationMs() + HALF_A_SECOND_MS) / SECOND_MS);
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

    void add(Aggregate other) {
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
        latencyMs.add(other.latencyMs);
        durationS.add(other.durationS);
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
        latencyMs.write(out);
        durationS.write(out);
    }

    static Aggregate read(In in) {
        Aggregate read = new Aggregate();
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
        read.latencyMs = Distribution.read(in);
        read.durationS = Distribution.read(in);
        return read;
    }

    MetricsPartial toPartial(Row row, int sourcePartition) {
        return new MetricsPartial(
                row.window().sizeName(),
                row.window().start(),
                row.window().end(),
                row.channelId(),
                row.segment(),
                row.campaign(),
                sourcePartition,
                auth(),
                latencyMs.toPartial(),
                sessions(),
                messages(),
                durationS.toPartial());
    }

    static Aggregate of(MetricsPartial partial) {
        Aggregate read = new Aggregate();
        read.succeeded = partial.auth().succeeded();
        read.rejected = partial.auth().rejected();
        read.failed = partial.auth().failed();
        partial.auth().byStatus().forEach((status, count) -> read.byStatus.put(Integer.valueOf(status), count));
        read.opened = partial.sessions().opened();
        read.refreshed = partial.sessions().refreshed();
        read.expired = partial.sessions().expired();
        read.closed = partial.sessions().closed();
        read.inbound = partial.messages().inbound();
        read.outbound = partial.messages().outbound();
        read.latencyMs = Distribution.of(partial.authLatencyMs());
        read.durationS = Distribution.of(partial.conversationDurationS());
        return read;
    }

    MetricsWindow toWindow(Row row, int revision) {
        return new MetricsWindow(
                row.window().sizeName(),
                row.window().start(),
                row.window().end(),
                row.channelId(),
                row.segment(),
                row.campaign(),
                revision,
                auth(),
                latencyMs.toLatency(),
                sessions(),
                messages(),
                durationS.toDuration());
    }

    private AuthCounts auth() {
        Map<String, Long> statuses = new HashMap<>();
        byStatus.forEach((status, count) -> statuses.put(status.toString(), count));
        return new AuthCounts(succeeded + rejected + failed, succeeded, rejected, failed, statuses);
    }

    private SessionCounts sessions() {
        return new SessionCounts(opened, refreshed, expired, closed);
    }

    private MessageCounts messages() {
        return new MessageCounts(inbound, outbound);
    }
}
