package io.guestflow.processor.sandbox.demo;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is known of the requests that were checked, by kind of guest.
 *
 * <p>Threading: any thread.
 */
final class Tally {
    /** The demo may run for days: what is kept has a bound. */
    private static final int LISTED_PROBLEMS = 100;

    /**
     * One kind's row.
     *
     * @param sent records sent
     * @param got how often each answer came
     * @param wrong requests with at least one problem
     */
    record Row(GuestKind kind, int sent, Map<String, Integer> got, int wrong) {}

    private static final class Counts {
        private int sent;
        private int wrong;
        private final Map<String, Integer> got = new TreeMap<>();
    }

    // Guarded by this.
    private final Map<GuestKind, Counts> kinds = new EnumMap<>(GuestKind.class);
    private final List<String> problems = new ArrayList<>();
    private int wrong;

    /** Checks the account and counts it; tells what is wrong with it, if anything is. */
    synchronized Optional<String> add(Account account) {
        Counts counts = kinds.computeIfAbsent(account.asked().kind(), kind -> new Counts());
        counts.sent += account.sent();
        account.finals().forEach(result -> counts.got.merge(ExpectedAnswer.text(result), 1, Integer::sum));
        count(counts, "replayed", account.replays().size());
        count(counts, "dead letter", account.deadLetters());
        List<String> found = Checker.problems(account);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        counts.wrong++;
        String who = account.asked().kind().label() + ", " + account.asked().name();
        String text = who + ": " + String.join("; ", found);
        problem(text);
        return Optional.of(text);
    }

    /** Counts something that is wrong and belongs to no request. */
    synchronized void problem(String text) {
        wrong++;
        if (problems.size() < LISTED_PROBLEMS) {
            problems.add(text);
        }
    }

    /** Kinds without a request have no row. */
    synchronized List<Row> rows() {
        return kinds.entrySet().stream()
                .map(row -> new Row(
                        row.getKey(), row.getValue().sent, new TreeMap<>(row.getValue().got), row.getValue().wrong))
                .toList();
    }

    /** What is wrong, the first hundred of it. */
    synchronized List<String> problems() {
        return List.copyOf(problems);
    }

    /** How much is wrong. */
    synchronized int wrong() {
        return wrong;
    }

    private static void count(Counts counts, String what, int times) {
        if (times > 0) {
            counts.got.merge(what, times, Integer::sum);
        }
    }
}
