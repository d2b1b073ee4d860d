package io.guestflow.processor.sandbox.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.auth.ContextDrop;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.session.Session;
import io.guestflow.contracts.session.SessionState;
import io.guestflow.processor.sandbox.demo.Account.Given;
import io.guestflow.processor.sandbox.webhooks.Happening;
import io.guestflow.processor.sandbox.webhooks.Shape;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScreenTest {
    private static final Asked GOOD =
            new Asked(GuestKind.GOOD, "guest-0001/r1", GuestKind.GOOD.requests().getFirst());
    private static final Asked HURRIED = new Asked(
            GuestKind.BURST_HURRIED,
            "guest-0002/r1",
            GuestKind.BURST_HURRIED.requests().getFirst());

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Test
    void everyLineSaysWhoAndWhatInTheSameColumns() {
        tell(screen(false));

        assertEquals("""
                   0.251 -> good guest                guest-0001/r1
                   1.400 <- good guest                guest-0001/r1 AUTHENTICATED    149 ms  conv-1, context given, dropped campaign LOOKS_LIKE_EMAIL
                   1.500 <- burst, in a hurry         guest-0002/r1 FAILED             3 ms  RATE_LIMITED 429, again in 2 s
                   1.600 <- good guest                guest-0001/r1 AUTHENTICATED      5 ms  conv-1, context given, attempt 2, replayed
                """, said().replaceAll("(?m) +$", ""));
    }

    @Test
    void aSessionAndItsWebhooksStandInTheSameColumns() {
        Screen screen = screen(false);
        Instant opened = Instant.parse("2026-11-22T07:00:00Z");
        screen.webhook(SessionKind.CHATS, "conv-1", Shape.DIGITAL, Happening.INBOUND, 1_000_000_000L);
        screen.session(SessionKind.CHATS, session(opened, SessionState.ACTIVE, 0, null), 1_100_000_000L);
        screen.session(SessionKind.CHATS, session(opened, SessionState.ACTIVE, 2, null), 1_200_000_000L);
        screen.session(SessionKind.GOES_QUIET, session(opened, SessionState.EXPIRING, 1, null), 1_300_000_000L);
        screen.session(
                SessionKind.GOES_QUIET, session(opened, SessionState.EXPIRED, 1, EndReason.IDLE), 1_400_000_000L);

        assertEquals("""
                   1.000 -> chats                     conv-1        webhook, digital: inbound
                   1.100 == chats                     conv-1        ACTIVE        until 07:00:20.0, new
                   1.200 == chats                     conv-1        ACTIVE        until 07:00:20.0, refresh 2
                   1.300 == goes quiet                conv-1        EXPIRING      until 07:00:20.0, idle
                   1.400 == goes quiet                conv-1        EXPIRED       IDLE after 20.0 s
                """, said().replaceAll("(?m) +$", ""));
    }

    private static Session session(Instant opened, SessionState state, int refreshes, EndReason reason) {
        return new Session(
                "conv-1",
                "k1.Jt3Vxv0sQ7m2bYpCkWnRzA",
                Messages.CHANNEL,
                state,
                opened,
                opened.plusSeconds(20),
                null,
                refreshes,
                reason == null ? null : opened.plusSeconds(20),
                reason,
                null);
    }

    @Test
    void coloursAreOnlyAddedToTheSameText() {
        tell(screen(false));
        String plain = said();
        bytes.reset();

        tell(screen(true));

        assertFalse(plain.contains("\033"));
        assertTrue(said().contains("\033[32mAUTHENTICATED"), said());
        assertEquals(plain, said().replaceAll("\033\\[\\d+m", ""));
    }

    @Test
    void coloursNeedATerminalThatShowsThemAndNobodyWhoSaysNo() {
        assertTrue(Screen.colour(true, Map.of("TERM", "xterm-256color")));
        assertTrue(Screen.colour(true, Map.of("NO_COLOR", "")));
        assertFalse(Screen.colour(true, Map.of("NO_COLOR", "1")));
        assertFalse(Screen.colour(true, Map.of("TERM", "dumb")));
        assertFalse(Screen.colour(false, Map.of("TERM", "xterm-256color")));
    }

    @Test
    void theSummaryHasARowForEachKindThatCameAndSaysWhatIsWrong() {
        var tally = new Tally();
        tally.add(new Account(GOOD, 1, List.of(new Given(Results.authenticated(1), false)), 0));
        tally.add(new Account(GOOD, 1, List.of(), 0));
        var four = GuestKind.FOUR_AT_ONCE.requests();
        var third = new Asked(GuestKind.FOUR_AT_ONCE, "guest-0003/r3", four.get(2));
        tally.add(new Account(third, 1, List.of(new Given(Results.authenticated(1), false)), 0));

        assertEquals(
                List.of(
                        "kind of guest  sent  expected for each                 got",
                        "good guest     2     AUTHENTICATED                     1 AUTHENTICATED  WRONG: 1",
                        "four at once   1     3 AUTHENTICATED and RATE_LIMITED  1 AUTHENTICATED  ok"),
                Summary.lines(tally));
        assertEquals(List.of("good guest, guest-0001/r1: no result for attempt 1"), tally.problems());
        assertEquals(1, tally.wrong());
    }

    private static void tell(Screen screen) {
        var dropped = new ContextDrop("campaign", ContextDrop.Reason.LOOKS_LIKE_EMAIL);
        screen.asked(GOOD, "", 251_000_000L);
        screen.answered(GOOD, Results.authenticated(1, dropped), false, Duration.ofMillis(149), 1_400_000_000L);
        screen.answered(
                HURRIED,
                Results.refused(1, ErrorCode.RATE_LIMITED, "", 2),
                false,
                Duration.ofMillis(3),
                1_500_000_000L);
        screen.answered(GOOD, Results.authenticated(2), true, Duration.ofMillis(5), 1_600_000_000L);
    }

    private Screen screen(boolean colour) {
        return new Screen(new PrintStream(bytes, true, UTF_8), colour, 0);
    }

    private String said() {
        return bytes.toString(UTF_8);
    }
}
