package io.guestflow.processor.sandbox.demo;

import static java.util.stream.Collectors.joining;

import java.util.List;

/**
 * All that one request must bring back, whatever number of times it is sent.
 *
 * @param finals the final result of each attempt, in order
 * @param replays how often the last of them is given again
 * @param deadLetters for what cannot be answered
 */
record Expected(List<ExpectedAnswer> finals, int replays, int deadLetters) {
    Expected {
        finals = List.copyOf(finals);
    }

    static Expected answers(ExpectedAnswer... finals) {
        return new Expected(List.of(finals), 0, 0);
    }

    static Expected deadLetter() {
        return new Expected(List.of(), 0, 1);
    }

    Expected thenReplayed() {
        return new Expected(finals, replays + 1, deadLetters);
    }

    /** For a person. */
    String text() {
        String answers = finals.stream().map(ExpectedAnswer::text).collect(joining(", then "));
        String replayed = replays == 0 ? "" : " + " + replays + " replayed";
        return deadLetters == 0 ? answers + replayed : deadLetters + " dead letter";
    }
}
