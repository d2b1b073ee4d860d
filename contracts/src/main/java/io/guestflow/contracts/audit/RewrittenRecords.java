package io.guestflow.contracts.audit;

import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Records that say they are erased and lie out of their turn, by their number. Each either fills a gap, or the record that
 * it erases is still there and has the same hash, which covers its key, its number and its content's hash.
 *
 * <p>Threading: one thread.
 */
final class RewrittenRecords {
    private final NavigableMap<Long, Link> byNumber = new TreeMap<>();
    /** Where it is known what they are instead of. */
    private final Set<Long> placed = new HashSet<>();

    private long found;

    /** What a chain goes through. */
    record Link(long offset, @Nullable String prevHash, String hash) {}

    /** One more; false if there is one of that number that is another. */
    boolean add(long number, long offset, @Nullable String prevHash, String hash) {
        Link before = byNumber.putIfAbsent(number, new Link(offset, prevHash, hash));
        if (before == null) {
            return true;
        }
        // Written twice, the same: one of them is still to be compacted.
        found++;
        return before.hash().equals(hash);
    }

    /** Those that lie in a gap. */
    NavigableMap<Long, Link> within(long from, long to) {
        return byNumber.subMap(from, true, to, true);
    }

    /** There is a gap: nothing else is instead of those that lie in it. */
    void fill(long from, long to) {
        placed.addAll(within(from, to).keySet());
    }

    boolean areToBeFound() {
        return placed.size() < byNumber.size();
    }

    /** A record that may be the one that was erased. */
    void lookAt(long offset, long number, String hash) {
        Link link = byNumber.get(number);
        if (link != null && link.offset() != offset && link.hash().equals(hash) && placed.add(number)) {
            found++;
        }
    }

    /** The offsets of those that are instead of nothing. */
    Map<Long, Long> notFound() {
        Map<Long, Long> offsets = new TreeMap<>();
        byNumber.forEach((number, link) -> {
            if (!placed.contains(number)) {
                offsets.put(number, link.offset());
            }
        });
        return offsets;
    }

    /** How many records there are twice. */
    long found() {
        return found;
    }
}
