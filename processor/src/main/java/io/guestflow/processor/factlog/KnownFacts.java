package io.guestflow.processor.factlog;

import io.guestflow.contracts.facts.Fact;
import io.guestflow.processor.wire.Nodes;
import io.guestflow.processor.wire.UnreadableState;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;
import org.jspecify.annotations.Nullable;

/**
 * Which facts of a partition were told already, and to whom one has yet to be told. They lie in periods of four days and a
 * half: a fact that is not new by its very id is looked for in the period that runs and in the two before it, each time by
 * one get that a Bloom filter answers. The store forgets by dropping a period as a whole, so that a fact costs one entry in
 * its changelog and no tombstone.
 *
 * <p>Which period runs is told by the records' own times, which the broker gives them as they are appended, the same by
 * which it deletes them. The machine's clock only holds it back: one that is ahead forgets nothing, and a record from the
 * future neither.
 *
 * <p>Threading: for the stream thread of the task.
 */
final class KnownFacts {
    static final String STORE = "known-facts";
    static final String PERIOD_STORE = "known-facts-period";

    /** Part of the form of the store, as what follows is: it cannot be changed without a new store. */
    static final Duration PERIOD = Duration.ofHours(108);

    private static final int PERIODS_BEFORE = 2;

    /**
     * How long a fact is known at the least, from the last time that it came. It can come again for as long as it lies on
     * {@code guest-facts}: for that topic's retention and one segment, 8 days as it is created.
     */
    static final Duration REMEMBERED = PERIOD.multipliedBy(PERIODS_BEFORE);

    /** The broker's clock may be so much ahead of ours. */
    private static final Duration AHEAD = Duration.ofHours(1);

    /** Nothing is looked up by windows: the time is only what is forgotten by. */
    private static final Duration WINDOW = Duration.ofMillis(1);

    /** On its edge the store would drop a period that is still looked at, or keep one that is not. */
    private static final long INSIDE_MS = 1;

    /** What stands behind the content of a fact that not all are done with: one bit for each who is not. */
    private static final int MISSING = FactMark.CONTENT_BYTES;

    private static final Bytes RUNS = Bytes.wrap("runs".getBytes(StandardCharsets.UTF_8));
    /** From which period on there are marks of sources for all that is known; 0 if nothing was known before. */
    private static final Bytes MARKED = Bytes.wrap("marked".getBytes(StandardCharsets.UTF_8));

    /** Not compacted often: most entries are written once, and go with their period. */
    private static final Map<String, String> CHANGELOG = Map.of("segment.bytes", "67108864", "segment.ms", "86400000");

    private final WindowStore<Bytes, byte[]> store;
    private final KeyValueStore<Bytes, byte[]> periods;
    private final FactMark mark = new FactMark();
    private final SourceMarks sources;
    private long period;
    /** Before the first fact it is not known. */
    private @Nullable Long markedFrom;

    private KnownFacts(WindowStore<Bytes, byte[]> store, KeyValueStore<Bytes, byte[]> periods) {
        this.store = store;
        this.periods = periods;
        this.sources = new SourceMarks(periods);
        this.period = read(periods.get(RUNS));
    }

    /** What a fact is to those who know the ones before it. */
    enum Met {
        /** It was not told before. */
        NEW,
        /** It was told before, to some at least; it is known for as long as a new one again. */
        KNOWN,
        /** Another fact was told before under its id; that one is known for as long as a new one again. */
        ID_REUSED
    }

    /**
     * A fact that was met, and what is to be remembered of it.
     *
     * @param missing a bit for each of those to whom a fact that is known was told, and who failed on it
     */
    record Meeting(Met met, Bytes key, byte[] content, int missing) {}

    /** Those of the task; for a processor that both stores belong to. */
    static KnownFacts of(ProcessingContext context) {
        return new KnownFacts(context.getStateStore(STORE), context.getStateStore(PERIOD_STORE));
    }

    static StoreBuilder<WindowStore<Bytes, byte[]>> store() {
        return Stores.windowStoreBuilder(
                        // Kafka Streams cuts its segments at half of this, so that one is one period.
                        Stores.persistentWindowStore(STORE, REMEMBERED.plusMillis(INSIDE_MS), WINDOW, false),
                        Serdes.Bytes(),
                        Serdes.ByteArray())
                .withCachingDisabled()
                .withLoggingEnabled(CHANGELOG);
    }

    static StoreBuilder<KeyValueStore<Bytes, byte[]>> periodStore() {
        return Nodes.derivedStore(PERIOD_STORE);
    }

    /**
     * Meets a fact. One that is new stays so until it is remembered.
     *
     * @param recordMs when its record was appended
     */
    Meeting meet(Fact fact, long recordMs, long nowMs) {
        long now = Math.min(recordMs, nowMs + AHEAD.toMillis()) / PERIOD.toMillis();
        if (now > period) {
            period = now;
            periods.put(RUNS, bytes(now));
        }
        Bytes key = mark.key(fact);
        byte[] content = mark.content(fact);
        boolean marked = allKnownAreMarked();
        return sources.passes(fact) && marked ? new Meeting(Met.NEW, key, content, 0) : met(key, content);
    }

    private Meeting met(Bytes key, byte[] content) {
        for (long in = period; in >= Math.max(0, period - PERIODS_BEFORE); in--) {
            byte[] found = store.fetch(key, timeOf(in));
            if (found == null) {
                continue;
            }
            if (in < period) {
                // A copy that came later can be read again later; and so can another fact under the id, which must not
                // be taken for the first one then.
                store.put(key, found, timeOf(period));
            }
            return Arrays.equals(found, 0, MISSING, content, 0, MISSING)
                    ? new Meeting(Met.KNOWN, key, content, found.length > MISSING ? found[MISSING] & 0xFF : 0)
                    : new Meeting(Met.ID_REUSED, key, content, 0);
        }
        return new Meeting(Met.NEW, key, content, 0);
    }

    /**
     * From now on the fact is known.
     *
     * @param missing a bit for each, of eight at most, to whom it is to be told once more if it comes again
     */
    void remember(Meeting meeting, int missing) {
        byte[] value = meeting.content();
        if (missing != 0) {
            value = Arrays.copyOf(value, MISSING + 1);
            value[MISSING] = (byte) missing;
        }
        store.put(meeting.key(), value, timeOf(period));
    }

    /** Marks that were lost, or that a version before them did not make, say nothing of what is still known from then. */
    private boolean allKnownAreMarked() {
        Long from = markedFrom;
        if (from == null) {
            byte[] stored = periods.get(MARKED);
            from = stored == null ? (Long) firstMarked() : (Long) read(stored);
            if (stored == null) {
                periods.put(MARKED, bytes(from));
            }
            markedFrom = from;
        }
        return from == 0 || period > from + PERIODS_BEFORE;
    }

    private long firstMarked() {
        try (KeyValueIterator<Windowed<Bytes>, byte[]> known = store.all()) {
            return known.hasNext() ? period : 0;
        }
    }

    private static byte[] bytes(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    private static long timeOf(long period) {
        return period * PERIOD.toMillis() + INSIDE_MS;
    }

    private static long read(byte @Nullable [] stored) {
        if (stored == null) {
            return 0;
        }
        if (stored.length != Long.BYTES) {
            throw new UnreadableState(
                    "the time of the facts that are known is stored in a form that this version does not"
                            + " know: run the version that wrote it");
        }
        return ByteBuffer.wrap(stored).getLong();
    }
}
