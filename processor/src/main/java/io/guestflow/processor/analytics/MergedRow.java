package io.guestflow.processor.analytics;

import io.guestflow.processor.wire.StoredForm.In;
import io.guestflow.processor.wire.StoredForm.Out;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How far a row was published, and whose parts it is merged from. There is one for each part that comes: so the partitions
 * are not copied, and whoever has them leaves them as they are.
 *
 * @param revision of the last publication, 0 before the first
 * @param partitions of facts that have sent a part
 */
record MergedRow(Sending sending, int revision, SortedSet<Integer> partitions) {
    private static final int VERSION = 1;

    byte[] bytes() {
        Out out = new Out();
        out.octet(VERSION);
        sending.write(out);
        out.number(revision);
        out.number(partitions.size());
        partitions.forEach(out::number);
        return out.bytes();
    }

    static MergedRow of(byte @Nullable [] stored) {
        if (stored == null) {
            return new MergedRow(Sending.NEW, 0, Collections.emptySortedSet());
        }
        In in = new In(stored);
        int version = in.octet();
        if (version != VERSION) {
            throw Unmergeable.because("a stored row of a window has the unknown version " + version);
        }
        Sending sending = Sending.read(in);
        int revision = in.count();
        SortedSet<Integer> partitions = new TreeSet<>();
        for (int left = in.count(); left > 0; left--) {
            partitions.add(in.count());
        }
        return new MergedRow(sending, revision, partitions);
    }

    MergedRow with(Sending next) {
        return new MergedRow(next, revision, partitions);
    }

    MergedRow with(int partition) {
        if (partitions.contains(partition)) {
            return this;
        }
        SortedSet<Integer> more = new TreeSet<>(partitions);
        more.add(partition);
        return new MergedRow(sending, revision, more);
    }

    /** It is published once more. */
    MergedRow published(long nowMs) {
        return new MergedRow(sending.sent(nowMs), revision + 1, partitions);
    }
}
