package io.guestflow.processor.sandbox.demo;

import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.session.Session;
import io.guestflow.contracts.session.SessionState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The kinds of guests whose sessions are followed, and what must become of them: the table that sessions are checked
 * against.
 */
enum SessionKind {
    /** Writes through two lifetimes and more, and then no more. */
    CHATS(GuestKind.CHATS, "2 refreshes, open until idle", 2, Integer.MAX_VALUE),
    /** Is authenticated, which is no activity, and never heard of again. */
    NEVER_WRITES(GuestKind.NEVER_WRITES, "EXPIRING, EXPIRED", 0, 0),
    /** Writes in the first lifetime only: the session is refreshed for that, and then runs out. */
    GOES_QUIET(GuestKind.GOES_QUIET, "1 refresh, EXPIRING, EXPIRED", 1, 1),
    /** Writes, and an agent closes the conversation. */
    IS_CLOSED(GuestKind.IS_CLOSED, "CLOSED", 0, 0);

    private final GuestKind guest;
    private final String expected;
    private final int leastRefreshes;
    private final int mostRefreshes;

    SessionKind(GuestKind guest, String expected, int leastRefreshes, int mostRefreshes) {
        this.guest = guest;
        this.expected = expected;
        this.leastRefreshes = leastRefreshes;
        this.mostRefreshes = mostRefreshes;
    }

    /** The kind whose sessions are those of such guests; empty when they are nobody's concern. */
    static Optional<SessionKind> of(GuestKind guest) {
        return Arrays.stream(values()).filter(kind -> kind.guest == guest).findFirst();
    }

    /** For a person. */
    String label() {
        return guest.label();
    }

    /** What is expected, for a person. */
    String expected() {
        return expected;
    }

    /** Whether as much came as must come. */
    boolean complete(List<Session> seen) {
        if (seen.isEmpty()) {
            return false;
        }
        Session last = seen.getLast();
        return this == CHATS ? last.refreshes() >= leastRefreshes || ended(last) : ended(last);
    }

    /** All that is wrong with what was published of a session, in its order; empty means as it should be. */
    List<String> problems(List<Session> seen) {
        var problems = new ArrayList<String>();
        if (seen.isEmpty()) {
            return List.of("no session was published");
        }
        Session last = seen.getLast();
        if (last.refreshes() < leastRefreshes || last.refreshes() > mostRefreshes) {
            problems.add("expected " + expected + ", got " + last.refreshes() + " refreshes");
        }
        if (!complete(seen)) {
            problems.add("it does not end");
        }
        if (ended(last)) {
            EndReason reason = this == IS_CLOSED ? EndReason.CLOSED_UPSTREAM : EndReason.IDLE;
            if (last.endReason() != reason) {
                problems.add("expected " + reason + ", got " + last.endReason());
            }
            if (last.endReason() == EndReason.IDLE
                    && seen.stream().noneMatch(session -> session.state() == SessionState.EXPIRING)) {
                problems.add("it expired without being EXPIRING before");
            }
            if (last.endReason() == EndReason.IDLE
                    && last.endedAt() != null
                    && last.endedAt().isBefore(last.expiresAt())) {
                problems.add("it ended before its time");
            }
        }
        return problems;
    }

    static boolean ended(Session session) {
        return session.state() == SessionState.EXPIRED || session.state() == SessionState.CLOSED;
    }
}
