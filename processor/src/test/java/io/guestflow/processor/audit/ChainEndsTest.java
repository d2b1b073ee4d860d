package io.guestflow.processor.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ChainEndsTest {
    private static final ChainEnd LOST = new ChainEnd(head(4711), OptionalLong.of(0));
    private final AtomicReference<Map<Integer, ChainEnd>> found = new AtomicReference<>(Map.of());
    private final ChainEnds ends = new ChainEnds(found::get);

    /** Weeks later the state may be lost once more, in the same process. */
    @Test
    void aChainMayGoOnWithoutItsStateUntilItsEndIsKept() {
        assertEquals(Optional.empty(), ends.of(3));
        ends.kept(3);
        found.set(Map.of(3, LOST, 4, LOST));
        assertEquals(Optional.of(LOST), ends.of(3));

        ends.kept(3);
        assertEquals(Optional.of(new ChainEnd(head(4711), OptionalLong.empty())), ends.of(3));
        assertEquals(Optional.of(LOST), ends.of(4));
    }

    @Test
    void whatALaterStartFindsIsAnotherMatter() {
        found.set(Map.of(3, LOST));
        ends.kept(3);
        ChainEnd again = new ChainEnd(head(90_000), OptionalLong.of(0));
        found.set(Map.of(3, again));
        assertEquals(Optional.of(again), ends.of(3));
    }

    private static ChainHead head(long seq) {
        return new ChainHead(seq, Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[32]));
    }
}
