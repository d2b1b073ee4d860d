package io.guestflow.processor.sandbox.demo;

import io.guestflow.contracts.auth.GuestAuthResult;
import java.util.ArrayList;
import java.util.List;

/** Holds what came of a request against what must come of it. */
final class Checker {
    private Checker() {}

    /** All that is wrong; empty means as it should be. */
    static List<String> problems(Account account) {
        var problems = new ArrayList<String>();
        Expected expected = account.asked().expected();
        List<GuestAuthResult> finals = account.finals();
        for (int i = 0; i < Math.max(finals.size(), expected.finals().size()); i++) {
            int attempt = i + 1;
            if (i >= finals.size()) {
                problems.add("no result for attempt " + attempt);
            } else if (i >= expected.finals().size()) {
                problems.add("one result too many, and not a replay: " + ExpectedAnswer.text(finals.get(i))
                        + " for attempt " + finals.get(i).attempt());
            } else {
                expected.finals().get(i).objection(finals.get(i)).ifPresent(problems::add);
                if (finals.get(i).attempt() != attempt) {
                    problems.add("expected attempt " + attempt + ", got attempt "
                            + finals.get(i).attempt());
                }
            }
        }
        problems.addAll(replayProblems(account));
        if (account.deadLetters() != expected.deadLetters()) {
            problems.add("expected " + expected.deadLetters() + " dead letters, got " + account.deadLetters());
        }
        return problems;
    }

    private static List<String> replayProblems(Account account) {
        var problems = new ArrayList<String>();
        List<GuestAuthResult> replays = account.replays();
        int expected = account.asked().expected().replays();
        if (replays.size() != expected) {
            problems.add("expected " + expected + " replays, got " + replays.size());
        }
        if (replays.stream().anyMatch(replay -> !account.finals().contains(replay))) {
            problems.add("a replay is not the result that was given before");
        }
        return problems;
    }
}
