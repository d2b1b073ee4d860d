package io.guestflow.processor.analytics;

import io.guestflow.processor.wire.StoredForm.In;
import io.guestflow.processor.wire.StoredForm.Out;
import io.guestflow.processor.wire.UnreadableState;
import org.jspecify.annotations.Nullable;

/** What the facts of one partition come to in one row, and how far that was passed on. */
record PartialRow(Aggregate aggregate, Sending sending) {
    private static final int VERSION = 1;

    byte[] bytes() {
        Out out = new Out();
        out.octet(VERSION);
        sending.write(out);
        aggregate.write(out);
        return out.bytes();
    }

    static PartialRow of(byte @Nullable [] stored) {
        if (stored == null) {
            return new PartialRow(new Aggregate(), Sending.NEW);
        }
        In in = new In(stored);
        int version = in.octet();
        if (version != VERSION) {
            throw new UnreadableState("a stored row of a window has version " + version + ", which this version of"
                    + " guestflow cannot read: start the newer one again, or delete the state and the changelogs");
        }
        Sending sending = Sending.read(in);
        return new PartialRow(Aggregate.read(in), sending);
    }

    PartialRow with(Sending next) {
        return new PartialRow(aggregate, next);
    }
}
