package io.guestflow.processor.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.processor.session.RecentEvents.Kind;
import io.guestflow.processor.session.RecentEvents.Sight;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecentEventsTest {
    @Test
    void anIdIsKnownAgain() {
        RecentEvents one = RecentEvents.NONE.plus(Kind.MESSAGE_EVENT, "e1", "content");

        assertEquals(Sight.SAME, one.sight(Kind.MESSAGE_EVENT, "e1", "content"));
        assertEquals(Sight.SAME, one.sight(Kind.MESSAGE_EVENT, "e1", null), "a content that is not known is no other");
        assertEquals(Sight.CONFLICT, one.sight(Kind.MESSAGE_EVENT, "e1", "other"));
        assertEquals(Sight.NEW, one.sight(Kind.MESSAGE_EVENT, "e2", "content"));
        assertEquals(Sight.NEW, one.sight(Kind.STATUS_EVENT, "e1", "content"), "one webhook can be two events");
    }

    @Test
    void theOldestGoes() {
        RecentEvents all = RecentEvents.NONE;
        for (int i = 0; i <= RecentEvents.MOST; i++) {
            all = all.plus(Kind.MESSAGE, "m" + i, null);
        }

        assertEquals(RecentEvents.MOST, all.count());
        assertEquals(Sight.NEW, all.sight(Kind.MESSAGE, "m0", null));
        assertEquals(Sight.SAME, all.sight(Kind.MESSAGE, "m1", null));
        assertEquals(Sight.SAME, all.sight(Kind.MESSAGE, "m" + RecentEvents.MOST, null));
        assertEquals(RecentEvents.MOST * RecentEvents.ENTRY, all.bytes().length);
    }

    @Test
    void idsThatAreMuchAlikeDiffer() {
        Set<Long> hashes = new HashSet<>();
        for (int i = 0; i < 100_000; i++) {
            byte[] entry = RecentEvents.NONE
                    .plus(Kind.MESSAGE, "00000000-0000-0000-0000-" + String.format("%012d", i), null)
                    .bytes();
            hashes.add(ByteBuffer.wrap(entry).getLong());
        }
        assertEquals(100_000, hashes.size());
    }
}
