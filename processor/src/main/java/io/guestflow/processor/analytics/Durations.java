package io.guestflow.processor.analytics;

import io.guestflow.contracts.analytics.MetricsPartial;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.processor.wire.StoredForm.In;
import io.guestflow.processor.wire.StoredForm.Out;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long things took, for the few facts that tell. Kept apart from {@link Counts}, because it is large.
 *
 * <p>Threading: for one thread.
 */
record Durations(Distribution latencyMs, Distribution conversationS) {
    private static final long HALF_A_SECOND_MS = 500;
    private static final long SECOND_MS = Duration.ofSeconds(1).toMillis();

    /** Of nothing. */
    static Durations none() {
        return new Durations(new Distribution(), new Distribution());
    }

    /** Whether there are so many values of a kind that they are better packed. */
    boolean isMany() {
        return latencyMs.isMany() || conversationS.isMany();
    }

    /** Adds a fact, if it tells how long something took. */
    void add(Fact fact) {
        if (fact instanceof Fact.AuthSucceeded auth) {
            latencyMs.add(auth.latencyMs());
        } else if (fact instanceof Fact.SessionEnded ended) {
            conversationS.add((ended.durationMs() + HALF_A_SECOND_MS) / SECOND_MS);
        }
    }

    void add(Durations other) {
        latencyMs.add(other.latencyMs);
        conversationS.add(other.conversationS);
    }

    void write(Out out) {
        latencyMs.write(out);
        conversationS.write(out);
    }

    static Durations read(In in) {
        return new Durations(Distribution.read(in), Distribution.read(in));
    }

    byte[] bytes() {
        Out out = new Out();
        write(out);
        return out.bytes();
    }

    /** As they were stored; none if they were not. */
    static Durations of(byte @Nullable [] stored) {
        return stored == null ? none() : read(new In(stored));
    }

    static Durations of(MetricsPartial.Part part) {
        return new Durations(Distribution.of(part.authLatencyMs()), Distribution.of(part.conversationDurationS()));
    }
}
