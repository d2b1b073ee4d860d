package io.guestflow.processor.factlog;

import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.facts.Source;
import io.guestflow.processor.facts.FactIds;
import io.guestflow.processor.facts.LengthPrefixed;
import io.guestflow.processor.wire.UnreadableState;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * How far the records reach that facts were caused by, for each kind of fact and each partition that caused any. Most ids
 * are made of nothing but kind and cause: one whose cause lies behind all of these belongs to no fact that there was, and
 * whoever wants to know need not look for it in a store that it is not in.
 *
 * <p>What is stored lies ahead of what was seen, so that it changes once in many facts. After a restart some ids are looked
 * for that need not be.
 *
 * <p>Threading: for the stream thread of the task.
 */
final class SourceMarks {
    static final long STORED_AHEAD = 10_000;

    private final KeyValueStore<Bytes, byte[]> store;
    private final Map<Cause, Mark> marks = new HashMap<>();

    /** Keys are texts behind their lengths; no other key of the store may be. */
    SourceMarks(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
    }

    private record Cause(Class<? extends Fact> kind, String topic, int partition) {
        static Cause of(Fact fact) {
            return new Cause(
                    fact.getClass(), fact.source().topic(), fact.source().partition());
        }

        Bytes key() {
            return Bytes.wrap(LengthPrefixed.of(kind.getSimpleName(), topic, Integer.toString(partition)));
        }
    }

    private static final class Mark {
        private long seen;
        private long stored;

        Mark(long stored) {
            this.seen = stored;
            this.stored = stored;
        }
    }

    /** Sees a fact, and tells whether its id is certainly none that was seen before. */
    boolean passes(Fact fact) {
        Cause cause = Cause.of(fact);
        Mark mark = marks.computeIfAbsent(cause, this::stored);
        long offset = fact.source().offset();
        if (offset <= mark.seen) {
            return false;
        }
        mark.seen = offset;
        if (offset > mark.stored) {
            mark.stored = offset + STORED_AHEAD;
            store.put(
                    cause.key(),
                    ByteBuffer.allocate(Long.BYTES).putLong(mark.stored).array());
        }
        return isMadeOfItsCause(fact);
    }

    private static boolean isMadeOfItsCause(Fact fact) {
        Source source = fact.source();
        return FactIds.of(fact.getClass().getSimpleName(), source, 0).equals(fact.factId());
    }

    private Mark stored(Cause cause) {
        byte[] stored = store.get(cause.key());
        if (stored == null) {
            return new Mark(-1);
        }
        if (stored.length != Long.BYTES) {
            throw new UnreadableState(
                    "how far the facts reach that are known is stored in a form that this version does not know: run the"
                            + " version that wrote it");
        }
        return new Mark(ByteBuffer.wrap(stored).getLong());
    }
}
