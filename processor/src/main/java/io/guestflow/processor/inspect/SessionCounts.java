package io.guestflow.processor.inspect;

import io.guestflow.contracts.codec.ContractViolation;
import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.session.Session;
import io.guestflow.contracts.session.SessionState;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How many sessions are in which state, those that ended by their reason too. */
final class SessionCounts {
    private final Map<SessionState, Integer> states = new EnumMap<>(SessionState.class);
    private final Map<SessionState, Map<EndReason, Integer>> reasons = new EnumMap<>(SessionState.class);
    private int unreadable;

    /**
     * What is kept of a session until all of its partition is read; the same few objects for all of them.
     *
     * @param state null if the record could not be read
     */
    record Ended(@Nullable SessionState state, @Nullable EndReason reason) {
        private static final Ended UNREADABLE = new Ended(null, null);
        private static final Map<SessionState, Ended> OPEN = new EnumMap<>(SessionState.class);

        static {
            for (SessionState state : SessionState.values()) {
                OPEN.put(state, new Ended(state, null));
            }
        }

        static Ended of(byte[] value) {
            try {
                Session session = Session.CODEC.read(value);
                return session.endReason() == null
                        ? OPEN.getOrDefault(session.state(), UNREADABLE)
                        : new Ended(session.state(), session.endReason());
            } catch (ContractViolation wrong) {
                return UNREADABLE;
            }
        }
    }

    void add(Ended session) {
        SessionState state = session.state;
        if (state == null) {
            unreadable++;
            return;
        }
        states.merge(state, 1, Integer::sum);
        if (session.reason != null) {
            reasons.computeIfAbsent(state, any -> new EnumMap<>(EndReason.class))
                    .merge(session.reason, 1, Integer::sum);
        }
    }

    int unreadable() {
        return unreadable;
    }

    /** For a person, and for {@code awk}: the state and its number are the first two words. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        int total = 0;
        for (SessionState state : SessionState.values()) {
            int count = states.getOrDefault(state, 0);
            total += count;
            lines.add("%-9s %9d%s".formatted(state, count, reasons(state)));
        }
        lines.add("%-9s %9d".formatted("total", total));
        return lines;
    }

    private String reasons(SessionState state) {
        var text = new StringBuilder();
        reasons.getOrDefault(state, Map.of())
                .forEach((reason, count) -> text.append(text.isEmpty() ? "   " : ", ")
                        .append(reason)
                        .append(' ')
                        .append(count));
        return text.toString();
    }
}
