package io.guestflow.processor.sandbox.demo;

import io.guestflow.contracts.auth.GuestAuthResult;
import java.util.List;

/**
 * A request and all that came of it.
 *
 * @param sent how often it was sent
 * @param results in the order in which they came
 * @param deadLetters how many dead letters name a record of it
 */
record Account(Asked asked, int sent, List<Given> results, int deadLetters) {
    Account {
        results = List.copyOf(results);
    }

    /** A result, and whether it says that it was given before. */
    record Given(GuestAuthResult result, boolean replayed) {}

    List<GuestAuthResult> finals() {
        return results.stream()
                .filter(given -> !given.replayed())
                .map(Given::result)
                .toList();
    }

    List<GuestAuthResult> replays() {
        return results.stream().filter(Given::replayed).map(Given::result).toList();
    }

    /** Whether as much came as must come. */
    boolean complete() {
        Expected expected = asked.expected();
        return finals().size() >= expected.finals().size()
                && replays().size() >= expected.replays()
                && deadLetters >= expected.deadLetters();
    }
}
