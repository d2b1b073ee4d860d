package io.guestflow.processor.inspect;

import io.guestflow.contracts.session.Session;
import io.guestflow.processor.inspect.SessionsTopic.Where;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One session for a person. */
final class SessionText {
    private SessionText() {}

    /** A line for each thing that is known of it; the guest is told by its reference only. */
    static List<String> of(Session session, Where where, Instant now) {
        List<String> lines = new ArrayList<>();
        line(lines, "conversation", session.conversationId());
        line(lines, "state", session.state());
        line(lines, "guest", session.guestRef());
        line(lines, "channel", session.channelId());
        line(lines, "opened", time(session.openedAt(), now));
        line(lines, "expires", time(session.expiresAt(), now));
        line(lines, "active", session.lastActivityAt() == null ? "never" : time(session.lastActivityAt(), now));
        line(lines, "refreshes", session.refreshes());
        line(lines, "ended", session.endedAt() == null ? null : time(session.endedAt(), now));
        line(lines, "because", session.endReason());
        line(lines, "CXone until", session.upstreamUntil() == null ? null : time(session.upstreamUntil(), now));
        line(lines, "record", where);
        return lines;
    }

    private static void line(List<String> lines, String name, @Nullable Object value) {
        if (value != null) {
            lines.add("%-13s %s".formatted(name, value));
        }
    }

    private static String time(Instant time, Instant now) {
        return time.isAfter(now)
                ? time + " (in " + rough(Duration.between(now, time)) + ")"
                : time + " (" + rough(Duration.between(time, now)) + " ago)";
    }

    private static String rough(Duration length) {
        long seconds = length.toSeconds();
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3_600) {
            return seconds / 60 + " min " + seconds % 60 + " s";
        }
        return seconds / 3_600 + " h " + seconds % 3_600 / 60 + " min";
    }
}
