package io.guestflow.processor.context;

import io.guestflow.contracts.auth.ContextDrop.Reason;
import java.util.List;
import java.util.Optional;

/**
 * Looks for personal data in a value that the allow-list would let pass. A tripwire, not a filter: it knows shapes, so it
 * misses what has none (a name) and does not prove that a text is clean.
 *
 * <p>Every {@linkplain Readings reading} of the text is shown to every {@link Detector}. Takes time in proportion to the
 * length of the text, whatever it says.
 */
public final class PiiTripwire {
    private static final List<Detector> DETECTORS = List.of(Detector.values());

    private PiiTripwire() {}

    /** What the text looks like, if like any personal data. */
    public static Optional<Reason> scan(String text) {
        // What was hidden deepest is meant most: in "%2B49..." the undecoded reading has lost its plus.
        for (String reading : Readings.of(text).reversed()) {
            for (Detector detector : DETECTORS) {
                if (detector.finds(reading)) {
                    return Optional.of(detector.reason());
                }
            }
        }
        return Optional.empty();
    }
}
