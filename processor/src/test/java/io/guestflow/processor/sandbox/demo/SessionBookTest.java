package io.guestflow.processor.sandbox.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.session.Session;
import io.guestflow.contracts.session.SessionState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SessionBookTest {
    private static final Instant OPENED = Instant.parse("2026-11-22T07:00:00Z");

    private final List<String> wrong = new ArrayList<>();
    private final SessionBook book = new SessionBook(wrong::add);

    @Test
    void whatEachKindMustComeToIsNoProblem() {
        assertEquals(List.of(), SessionKind.CHATS.problems(List.of(open(0), open(1), open(2))));
        assertEquals(
                List.of(),
                SessionKind.CHATS.problems(List.of(open(0), open(3), expiring(3), ended(3, EndReason.IDLE))));
        assertEquals(
                List.of(), SessionKind.NEVER_WRITES.problems(List.of(open(0), expiring(0), ended(0, EndReason.IDLE))));
        assertEquals(
                List.of(),
                SessionKind.GOES_QUIET.problems(List.of(open(0), open(1), expiring(1), ended(1, EndReason.IDLE))));
        assertEquals(List.of(), SessionKind.IS_CLOSED.problems(List.of(open(0), ended(0, EndReason.CLOSED_UPSTREAM))));
    }

    @Test
    void whatIsMissingOrTooMuchIsFound() {
        assertEquals(List.of("no session was published"), SessionKind.CHATS.problems(List.of()));
        assertEquals(
                List.of("expected 2 refreshes, open until idle, got 1 refreshes", "it does not end"),
                SessionKind.CHATS.problems(List.of(open(0), open(1))));
        assertEquals(
                List.of("expected EXPIRING, EXPIRED, got 1 refreshes"),
                SessionKind.NEVER_WRITES.problems(List.of(open(1), expiring(1), ended(1, EndReason.IDLE))));
        assertEquals(
                List.of("it expired without being EXPIRING before"),
                SessionKind.NEVER_WRITES.problems(List.of(open(0), ended(0, EndReason.IDLE))));
        assertEquals(
                List.of("expected CLOSED_UPSTREAM, got IDLE", "it expired without being EXPIRING before"),
                SessionKind.IS_CLOSED.problems(List.of(open(0), ended(0, EndReason.IDLE))));
        assertEquals(
                List.of("it ended before its time"),
                SessionKind.NEVER_WRITES.problems(List.of(
                        open(0),
                        expiring(0),
                        session(SessionState.EXPIRED, 0, EndReason.IDLE, OPENED.plusSeconds(19)))));
    }

    @Test
    void aSessionIsFollowedFromWhenItIsKnownWhoseItIs() {
        assertEquals(Optional.empty(), book.published(open(0)));
        assertEquals(List.of(open(0)), book.belongs("conv-1", SessionKind.NEVER_WRITES));
        assertEquals(Optional.of(SessionKind.NEVER_WRITES), book.published(expiring(0)));
        assertEquals("0 active, 1 expiring; 0 refreshed, 0 ended", book.state());
    }

    @Test
    void waitingEndsWhenTheLastOneIsComplete() throws InterruptedException {
        book.belongs("conv-1", SessionKind.NEVER_WRITES);
        book.published(open(0));
        assertFalse(book.awaitComplete(Duration.ofMillis(1)));

        Thread.ofVirtual().start(() -> {
            book.published(expiring(0));
            book.published(ended(0, EndReason.IDLE));
        });

        assertTrue(book.awaitComplete(Duration.ofSeconds(10)));
        book.close();
        assertEquals(List.of(), wrong);
        assertEquals(
                List.of(
                        "session of a guest who  opened  expected for each  got",
                        "never writes            1       EXPIRING, EXPIRED  0 refreshes, 1 EXPIRED  ok"),
                Summary.lines(book));
    }

    @Test
    void aForgottenSessionIsCheckedAndAnEndThatIsNoneIsTold() {
        book.belongs("conv-1", SessionKind.IS_CLOSED);
        book.published(open(0));
        book.published(ended(0, EndReason.CLOSED_UPSTREAM));
        book.published(open(1));
        assertEquals(List.of("session conv-1 was published as ACTIVE after it had ended"), wrong);

        book.forgotten("conv-1");
        assertEquals(2, wrong.size());
        assertEquals(1, book.rows().getFirst().wrong());
        book.forgotten("conv-none");
        assertEquals("0 active, 0 expiring; 1 refreshed, 1 ended", book.state());
    }

    private static Session open(int refreshes) {
        return session(SessionState.ACTIVE, refreshes, null, null);
    }

    private static Session expiring(int refreshes) {
        return session(SessionState.EXPIRING, refreshes, null, null);
    }

    private static Session ended(int refreshes, EndReason reason) {
        SessionState state = reason == EndReason.IDLE ? SessionState.EXPIRED : SessionState.CLOSED;
        return session(state, refreshes, reason, OPENED.plusSeconds(20));
    }

    private static Session session(
            SessionState state, int refreshes, @Nullable EndReason reason, @Nullable Instant endedAt) {
        return new Session(
                "conv-1",
                "k1.Jt3Vxv0sQ7m2bYpCkWnRzA",
                Messages.CHANNEL,
                state,
                OPENED,
                OPENED.plusSeconds(20),
                null,
                refreshes,
                endedAt,
                reason,
                null);
    }
}
