package io.guestflow.processor.sandbox.demo;

import io.guestflow.contracts.session.Session;
import io.guestflow.contracts.session.SessionState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What was published of each session, and whose it is, until it is taken out to be checked.
 *
 * <p>Threading: any thread.
 */
final class SessionBook {
    /**
     * One kind's row of the summary.
     *
     * @param ends how many are, or were when they were forgotten, in which state
     */
    record Row(SessionKind kind, int opened, int refreshes, Map<SessionState, Integer> ends, int wrong) {}

    private static final class Entry {
        private @Nullable SessionKind kind;
        private final List<Session> seen = new ArrayList<>();
    }

    private static final class Counts {
        private int opened;
        private int refreshes;
        private int wrong;
        private final Map<SessionState, Integer> ends = new EnumMap<>(SessionState.class);
    }

    // Guarded by this.
    private final Map<String, Entry> entries = new HashMap<>();
    private final Map<SessionKind, Counts> kinds = new EnumMap<>(SessionKind.class);
    private final Consumer<String> wrong;
    private int refreshes;
    private int ended;

    /** @param wrong is told of what is wrong */
    SessionBook(Consumer<String> wrong) {
        this.wrong = wrong;
    }

    /** A guest of that kind was authenticated; returns what was published of the session before we knew whose it is. */
    synchronized List<Session> belongs(String conversationId, SessionKind kind) {
        Entry entry = entry(conversationId);
        entry.kind = kind;
        notifyAll();
        return List.copyOf(entry.seen);
    }

    /** A record of the session was read; returns whose session it is, if that is known and followed. */
    synchronized Optional<SessionKind> published(Session session) {
        Entry entry = entry(session.conversationId());
        int before = entry.seen.isEmpty() ? 0 : entry.seen.getLast().refreshes();
        boolean wasOver = !entry.seen.isEmpty() && SessionKind.ended(entry.seen.getLast());
        refreshes += Math.max(0, session.refreshes() - before);
        if (wasOver) {
            wrong.accept("session " + session.conversationId() + " was published as " + session.state()
                    + " after it had ended");
        } else if (SessionKind.ended(session)) {
            ended++;
        }
        entry.seen.add(session);
        notifyAll();
        return Optional.ofNullable(entry.kind);
    }

    /** The session was forgotten: it is checked and goes. */
    synchronized void forgotten(String conversationId) {
        Entry entry = entries.remove(conversationId);
        if (entry != null) {
            check(conversationId, entry);
        }
    }

    /** Waits until every session that is followed has come to what it must; false when some have not in time. */
    synchronized boolean awaitComplete(Duration within) throws InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        while (waiting() > 0) {
            long leftMs = (deadline - System.nanoTime()) / 1_000_000;
            if (leftMs <= 0) {
                return false;
            }
            wait(leftMs);
        }
        return true;
    }

    /** Checks all that are left. */
    synchronized void close() {
        for (Iterator<Map.Entry<String, Entry>> left = entries.entrySet().iterator(); left.hasNext(); ) {
            Map.Entry<String, Entry> entry = left.next();
            check(entry.getKey(), entry.getValue());
            left.remove();
        }
    }

    /** How many sessions are in which state, and what has happened since the start; for the status line. */
    synchronized String state() {
        var now = new EnumMap<SessionState, Integer>(SessionState.class);
        entries.values().stream()
                .filter(entry -> !entry.seen.isEmpty())
                .forEach(entry -> now.merge(entry.seen.getLast().state(), 1, Integer::sum));
        return "%d active, %d expiring; %d refreshed, %d ended"
                .formatted(
                        now.getOrDefault(SessionState.ACTIVE, 0),
                        now.getOrDefault(SessionState.EXPIRING, 0),
                        refreshes,
                        ended);
    }

    /** Kinds without a session have no row. */
    synchronized List<Row> rows() {
        return kinds.entrySet().stream()
                .map(kind -> new Row(
                        kind.getKey(),
                        kind.getValue().opened,
                        kind.getValue().refreshes,
                        Map.copyOf(kind.getValue().ends),
                        kind.getValue().wrong))
                .toList();
    }

    private int waiting() {
        return (int) entries.values().stream()
                .filter(entry -> entry.kind != null && !entry.kind.complete(entry.seen))
                .count();
    }

    private void check(String conversationId, Entry entry) {
        SessionKind kind = entry.kind;
        if (kind == null) {
            return;
        }
        Counts counts = kinds.computeIfAbsent(kind, any -> new Counts());
        counts.opened++;
        if (!entry.seen.isEmpty()) {
            counts.refreshes += entry.seen.getLast().refreshes();
            counts.ends.merge(entry.seen.getLast().state(), 1, Integer::sum);
        }
        List<String> problems = kind.problems(entry.seen);
        if (!problems.isEmpty()) {
            counts.wrong++;
            wrong.accept("session of a guest who " + kind.label() + ", " + conversationId + ": "
                    + String.join("; ", problems));
        }
    }

    private Entry entry(String conversationId) {
        return entries.computeIfAbsent(conversationId, any -> new Entry());
    }
}
