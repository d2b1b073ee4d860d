package io.guestflow.processor.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.processor.wire.UnreadableState;
import java.io.File;
import java.util.Base64;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ChainEndTest {
    private static final File TASK = new File("state/streams/guestflow-facts/0_3");
    private static final ChainHead END = head(4711);

    @Test
    void stateThatGoesAsFarOrFartherIsGoneOnFrom() {
        for (OptionalLong lostAt : new OptionalLong[] {OptionalLong.empty(), OptionalLong.of(0)}) {
            ChainEnd end = new ChainEnd(END, lostAt);
            assertEquals(END, end.goOnFrom(END, TASK));
            assertEquals(head(4720), end.goOnFrom(head(4720), TASK), "others have gone on meanwhile");
        }
    }

    @Test
    void stateThatIsGoneOrWasPutBackGoesOnFromTheEndIfItMay() {
        assertEquals(END, new ChainEnd(END, OptionalLong.of(0)).goOnFrom(ChainHead.NONE, TASK));
        assertEquals(END, new ChainEnd(END, OptionalLong.of(4700)).goOnFrom(head(4700), TASK));
    }

    @Test
    void stateThatAnInstanceKeptFromBeforeIsNotGoneOnFrom() {
        UnreadableState refused = assertThrows(
                UnreadableState.class, () -> new ChainEnd(END, OptionalLong.empty()).goOnFrom(head(4700), TASK));
        assertTrue(
                refused.getMessage().contains("delete the directory " + TASK.getParent() + ","), refused::getMessage);
        assertTrue(refused.getMessage().contains("4700") && refused.getMessage().contains("4711"), refused::getMessage);

        // Whoever else was told to go on may have done so: from where, only the changelog tells.
        assertThrows(UnreadableState.class, () -> new ChainEnd(END, OptionalLong.of(0)).goOnFrom(head(4700), TASK));
        assertThrows(UnreadableState.class, () -> new ChainEnd(END, OptionalLong.of(4705)).goOnFrom(head(4700), TASK));
        assertThrows(
                UnreadableState.class, () -> new ChainEnd(END, OptionalLong.of(4705)).goOnFrom(ChainHead.NONE, TASK));
    }

    private static ChainHead head(long seq) {
        return new ChainHead(seq, Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[32]));
    }
}
