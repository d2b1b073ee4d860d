package io.guestflow.processor.analytics;

import io.guestflow.contracts.facts.Fact;
import io.guestflow.processor.wire.StoredForm.In;
import io.guestflow.processor.wire.StoredForm.Out;

/**
 * How many facts of one partition there are in one row, and how far that was passed on. It changes with every fact, so it
 * is small: how long things took is here for the last facts that tell it, and for the others in an entry of its own, which
 * changes once for many of them.
 *
 * @param countedTo where the last fact lies that is in it; -1 before the first. A partition's facts are counted in their
 *     order, so one that lies before it is in it already
 * @param last how long things took in the last facts
 */
record PartialRow(Sending sending, long countedTo, Counts counts, Durations last) {
    private static final int VERSION = 1;

    byte[] bytes() {
        Out out = new Out();
        out.octet(VERSION);
        sending.write(out);
        out.number(countedTo + 1);
        counts.write(out);
        last.write(out);
        return out.bytes();
    }

    /** Without facts. */
    static PartialRow none() {
        return new PartialRow(Sending.NEW, -1, new Counts(), Durations.none());
    }

    /** As it was stored. */
    static PartialRow of(byte[] stored) {
        In in = new In(stored);
        int version = in.octet();
        if (version != VERSION) {
            throw Unmergeable.because("a stored row of a window has the unknown version " + version);
        }
        return new PartialRow(Sending.read(in), in.number() - 1, Counts.read(in), Durations.read(in));
    }

    PartialRow with(Sending next) {
        return new PartialRow(next, countedTo, counts, last);
    }

    /** How long things took is in its own entry now. */
    PartialRow withoutLast() {
        return new PartialRow(sending, countedTo, counts, Durations.none());
    }

    /** Whether there is nothing of how long things took but what is here. */
    boolean lastIsAll() {
        return last.latencyMs().count() == counts.succeeded()
                && last.conversationS().count() == counts.ended();
    }

    /** It has a fact more, from here on. */
    PartialRow counted(Fact fact, long offset, Sending next) {
        counts.add(fact);
        last.add(fact);
        return new PartialRow(next, offset, counts, last);
    }
}
