package io.guestflow.processor.analytics;

import io.guestflow.contracts.analytics.MetricsPartial;
import io.guestflow.contracts.analytics.MetricsWindow;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.processor.wire.StoredForm.In;
import io.guestflow.processor.wire.StoredForm.Out;

/**
 * What facts come to. The same for the same facts, in whatever order they are added, and however they were divided before
 * they were merged.
 *
 * <p>Threading: for one thread.
 */
record Aggregate(Counts counts, Durations durations) {
    /** Of nothing. */
    Aggregate() {
        this(new Counts(), Durations.none());
    }

    /** Adds a fact that {@link Counts#counts}. */
    void add(Fact fact) {
        counts.add(fact);
        durations.add(fact);
    }

    void add(Aggregate other) {
        counts.add(other.counts);
        durations.add(other.durations);
    }

    byte[] bytes() {
        Out out = new Out();
        counts.write(out);
        durations.write(out);
        return out.bytes();
    }

    static Aggregate of(byte[] stored) {
        In in = new In(stored);
        return new Aggregate(Counts.read(in), Durations.read(in));
    }

    static Aggregate of(MetricsPartial.Part part) {
        return new Aggregate(Counts.of(part), Durations.of(part));
    }

    MetricsPartial.Part toPart(Row row, int sourcePartition, long countedTo) {
        return new MetricsPartial.Part(
                row.window().sizeName(),
                row.window().start(),
                row.window().end(),
                row.channelId(),
                row.segment(),
                row.campaign(),
                sourcePartition,
                countedTo,
                counts.auth(),
                durations.latencyMs().toPartial(),
                counts.sessions(),
                counts.messages(),
                durations.conversationS().toPartial());
    }

    MetricsWindow toWindow(Row row, int revision) {
        return new MetricsWindow(
                row.window().sizeName(),
                row.window().start(),
                row.window().end(),
                row.channelId(),
                row.segment(),
                row.campaign(),
                revision,
                counts.auth(),
                durations.latencyMs().toLatency(),
                counts.sessions(),
                counts.messages(),
                durations.conversationS().toDuration());
    }
}
