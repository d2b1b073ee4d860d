package io.guestflow.processor.session;

import static io.guestflow.processor.session.Given.START;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.facts.Dimensions;
import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.facts.Source;
import io.guestflow.processor.session.RecentEvents.Kind;
import io.guestflow.processor.wire.UnreadableState;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StoredConversationTest {
    private static final Opening OPENING = new Opening(
            "k1.ref",
            3,
            "r1",
            2,
            "web",
            new Dimensions("web", null, "ö"),
            new Source("topic", 3, 1L << 40),
            START,
            true);
    private static final Terms TERMS = new Terms(START, START.plusSeconds(900), 7, START.plusSeconds(1));
    private static final Tally TALLY = new Tally(300, 2, START.plusMillis(5));
    private static final RecentEvents RECENT =
            RecentEvents.NONE.plus(Kind.MESSAGE, "m1", null).plus(Kind.MESSAGE_EVENT, "e1", "content");

    @ParameterizedTest
    @MethodSource("conversations")
    void itIsReadAsItWasWritten(Conversation conversation) {
        assertEquals(conversation, StoredConversation.read(StoredConversation.write(conversation)));
    }

    static Stream<Conversation> conversations() {
        Injections injections = new Injections(
                3,
                new Injections.Injection(
                        Given.scalars("segment", "vip"), "command", START, START.plusSeconds(60), 1, 2),
                Given.scalars("device", "web", "b", "c"));
        Injections paused = new Injections(
                1, new Injections.Injection(Given.scalars("a", "b"), null, START, START, 0, 0), Map.of());
        return Stream.concat(
                Stream.of(
                        Held.nothing(START, START.plusSeconds(9), 1),
                        new Held(
                                START.minusSeconds(1),
                                START,
                                12,
                                TALLY,
                                RECENT,
                                START,
                                new Revocation(START, "WHY"),
                                Given.scalars("a", "b"),
                                Set.of("dropped"),
                                9),
                        new Ended(
                                OPENING,
                                TERMS,
                                TALLY,
                                RECENT,
                                START,
                                EndReason.IDLE,
                                null,
                                null,
                                null,
                                null,
                                null,
                                400),
                        new Ended(
                                OPENING,
                                TERMS,
                                Tally.NONE,
                                RecentEvents.NONE,
                                START,
                                EndReason.REVOKED,
                                START,
                                "close",
                                START,
                                new Revocation(START, "WHY"),
                                START.plusSeconds(1),
                                1)),
                Stream.of(
                                Refreshing.IDLE,
                                new Refreshing.InFlight("command", 1, 2, START),
                                new Refreshing.Pausing(START, 3, 4, null),
                                new Refreshing.Pausing(START, 3, 4, ErrorCode.RATE_LIMITED),
                                new Refreshing.Refused(ErrorCode.UPSTREAM_FORBIDDEN))
                        .flatMap(refreshing -> Stream.of(Injections.NONE, injections, paused)
                                .map(context -> live(refreshing, context))));
    }

    private static Live live(Refreshing refreshing, Injections injections) {
        return new Live(OPENING, "guest", null, START, TERMS, true, TALLY, RECENT, refreshing, injections, 5, START);
    }

    /** What was written by version 2 must stay readable: this is all of it. A byte more is a new version. */
    @Test
    void theFormStaysAsItIs() {
        List<Conversation> all = conversations().toList();
        assertEquals(
                List.of(
                        "020180f3b790a0340cac020285f3b790a03414cd0b07582cb855b6000019876ae6d4da92df1fc180f3b790a034"
                                + "80f3b790a03403574859157b22636f6e74657874223a7b2261223a2262227d7d0998ebb790a03401"
                                + "0764726f70706564",
                        "0203066b312e726566030272310203776562010002c3b605746f7069630380808080802080f3b790a0340180f3"
                                + "b790a034a0eaee90a03407e8fab790a0340000000080f3b790a034075245564f4b454480f3b790a034"
                                + "05636c6f736580f3b790a03480f3b790a0340357485901e8fab790a034",
                        "0202066b312e726566030272310203776562010002c3b605746f7069630380808080802080f3b790a034010567"
                                + "756573740080f3b790a03480f3b790a034a0eaee90a03407e8fab790a03401ac020285f3b790a03414"
                                + "cd0b07582cb855b6000019876ae6d4da92df1fc10107636f6d6d616e64010280f3b790a03400000005"
                                + "80f3b790a034"),
                List.of(hex(all.get(1)), hex(all.get(3)), hex(all.get(7))));
    }

    private static String hex(Conversation conversation) {
        return HexFormat.of().formatHex(StoredConversation.write(conversation));
    }

    @Test
    void whatWasWrittenBeforeTheFirstReleaseIsRefused() {
        byte[] bytes = StoredConversation.write(conversations().toList().getFirst());
        bytes[0] = 1;
        UnreadableState refused = assertThrows(UnreadableState.class, () -> StoredConversation.read(bytes));
        assertTrue(refused.getMessage().contains("before the first release"), refused.getMessage());
    }

    @Test
    void whatANewerVersionWroteIsRefused() {
        byte[] bytes = StoredConversation.write(Held.nothing(START, START.plusSeconds(9), 1));
        bytes[0] = 3;
        UnreadableState refused = assertThrows(UnreadableState.class, () -> StoredConversation.read(bytes));
        assertTrue(refused.getMessage().contains("version 3"), refused.getMessage());
    }

    @Test
    void aSessionTakesLittleRoom() {
        Decision opened = new SessionDecisions(Given.RULES, Given.REFS)
                .decide(
                        Conversation.UNKNOWN,
                        new SessionInput.Event(
                                Given.opened(START, START.plusSeconds(900)), new Source("session-events", 0, 1)),
                        Given.surroundings(START),
                        START);
        int size = StoredConversation.write(opened.state()).length;
        assertTrue(size < 180, size + " bytes");
    }
}
