package io.guestflow.processor.analytics;

import io.guestflow.contracts.facts.Fact;
import io.guestflow.processor.wire.StoredForm.In;
import io.guestflow.processor.wire.StoredForm.Out;
import org.jspecify.annotations.Nullable;

/**
 * How many facts of one partition there are in one row, and how far that was passed on.
 *
 * @param countedTo where the last fact lies that is in it; -1 before the first. A partition's facts are counted in their
 *     order, so one that lies before it is in it already
 */
record PartialRow(Sending sending, long countedTo, Counts counts) {
    private static final int VERSION = 1;

    byte[] bytes() {
        Out out = new Out();
        out.octet(VERSION);
        sending.write(out);
        out.number(countedTo + 1);
        counts.write(out);
        return out.bytes();
    }

    static PartialRow of(byte @Nullable [] stored) {
        if (stored == null) {
            return new PartialRow(Sending.NEW, -1, new Counts());
        }
        In in = new In(stored);
        int version = in.octet();
        if (version != VERSION) {
            throw Unmergeable.because("a stored row of a window has the unknown version " + version);
        }
        return new PartialRow(Sending.read(in), in.number() - 1, Counts.read(in));
    }

    PartialRow with(Sending next) {
        return new PartialRow(next, countedTo, counts);
    }

    /** It has a fact more, from here on. */
    PartialRow counted(Fact fact, long offset, Sending next) {
        counts.add(fact);
        return new PartialRow(next, offset, counts);
    }
}
