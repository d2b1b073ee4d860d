package io.guestflow.processor.sandbox.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.Topics;
import io.guestflow.contracts.auth.GuestAuthResult;
import io.guestflow.contracts.codec.Problem;
import io.guestflow.contracts.codec.Problem.Defect;
import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.failure.DeadLetter;
import io.guestflow.contracts.session.Session;
import io.guestflow.contracts.session.SessionState;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AnswersTest {
    private static final Asked GOOD =
            new Asked(GuestKind.GOOD, "guest-0001/r1", GuestKind.GOOD.requests().getFirst());

    private final Ledger ledger = new Ledger();
    private final Tally tally = new Tally();
    private final List<String> followed = new ArrayList<>();
    private final Answers answers = new Answers(
            ledger,
            new Figures(0),
            tally,
            new Screen(new PrintStream(OutputStream.nullOutputStream()), false, 0),
            new SessionBook(tally::problem),
            (kind, conversationId) -> followed.add(kind + " " + conversationId));

    @BeforeEach
    void aRequestIsOpen() {
        ledger.sending(GOOD, 0);
    }

    @Test
    void theHeaderTellsAReplayFromAFinalResult() {
        answers.read(result());
        var replay = result();
        replay.headers().add(RecordHeaders.REPLAYED, "true".getBytes(UTF_8));
        answers.read(replay);

        Account account = ledger.settled(Duration.ZERO, Long.MAX_VALUE / 2).getFirst();
        assertEquals(1, account.finals().size());
        assertEquals(1, account.replays().size());
        assertEquals(0, tally.wrong());
    }

    @Test
    void onlyTheConversationOfAGuestWhoseSessionIsFollowedGoesOn() {
        answers.read(result());
        assertEquals(List.of(), followed);

        ledger.settled(Duration.ZERO, Long.MAX_VALUE / 2);
        GuestKind chats = GuestKind.CHATS;
        ledger.sending(new Asked(chats, GOOD.name(), chats.requests().getFirst()), 0);
        answers.read(result());
        var replay = result();
        replay.headers().add(RecordHeaders.REPLAYED, "true".getBytes(UTF_8));
        answers.read(replay);
        assertEquals(List.of("CHATS conv-1"), followed);
    }

    @Test
    void aSessionThatIsPublishedAfterItsEndIsWrong() {
        answers.read(session(SessionState.CLOSED));
        assertEquals(0, tally.wrong());

        answers.read(session(SessionState.ACTIVE));
        assertEquals(1, tally.wrong());
    }

    @Test
    void aDeadLetterIsBookedToTheRecordThatItNames() {
        answers.read(deadLetter("must be JSON in UTF-8"));

        assertEquals(List.of("guest-auth-requests/2/9"), ledger.strayDeadLetters(Duration.ZERO, Long.MAX_VALUE / 2));
        assertEquals(0, tally.wrong());
    }

    @Test
    void whateverTellsWhatMustNeverBeToldIsWrong() {
        answers.read(deadLetter("never-told@example.com"));
        assertEquals(1, tally.wrong());

        var told = result();
        told.headers().add("remark", Messages.NEVER_TOLD.getBytes(UTF_8));
        answers.read(told);
        assertEquals(2, tally.wrong());

        answers.read(record(
                Topics.GUEST_AUTH_RESULTS.name(),
                Messages.NEVER_TOLD,
                GuestAuthResult.CODEC.write(Results.authenticated(1))));
        assertEquals(3, tally.wrong());
        assertTrue(tally.problems().stream().allMatch(problem -> problem.endsWith("tells what must never be told")));
    }

    @Test
    void anAnswerToNobodyAndAnAnswerThatCannotBeReadAreWrong() {
        ledger.settled(Duration.ZERO, Long.MAX_VALUE / 2);
        answers.read(result());
        answers.read(record(Topics.GUEST_AUTH_RESULTS.name(), "guest-0001", "{}".getBytes(UTF_8)));

        assertEquals(2, tally.wrong());
    }

    private static ConsumerRecord<byte[], byte[]> result() {
        return record(
                Topics.GUEST_AUTH_RESULTS.name(), "guest-0001", GuestAuthResult.CODEC.write(Results.authenticated(1)));
    }

    private static ConsumerRecord<byte[], byte[]> session(SessionState state) {
        Instant now = Instant.parse("2026-11-22T07:00:00Z");
        boolean ended = state == SessionState.CLOSED;
        var session = new Session(
                "conv-1",
                "k1.guest",
                Messages.CHANNEL,
                state,
                now,
                now.plusSeconds(1800),
                null,
                0,
                ended ? now : null,
                ended ? EndReason.CLOSED_UPSTREAM : null,
                null);
        return record(Topics.GUEST_SESSIONS.name(), "conv-1", Session.CODEC.write(session));
    }

    private static ConsumerRecord<byte[], byte[]> deadLetter(String expected) {
        Instant now = Instant.parse("2026-11-22T07:00:00Z");
        var letter = new DeadLetter(
                DeadLetter.Cause.CONTRACT_VIOLATION,
                Topics.GUEST_AUTH_REQUESTS.name(),
                2,
                9,
                now,
                "guest-auth-request/1",
                3,
                5,
                "hash",
                List.of(new Problem("", Defect.NOT_JSON, expected)),
                now);
        return record(Topics.GUEST_DEAD_LETTERS.name(), "guest-auth-requests/2/9", DeadLetter.CODEC.write(letter));
    }

    private static ConsumerRecord<byte[], byte[]> record(String topic, String key, byte[] value) {
        return new ConsumerRecord<>(topic, 0, 0, key.getBytes(UTF_8), value);
    }
}
