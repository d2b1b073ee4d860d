package io.guestflow.processor.sandbox.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class LedgerTest {
    private static final Asked GOOD =
            new Asked(GuestKind.GOOD, "guest-0001/r1", GuestKind.GOOD.requests().getFirst());
    private static final Asked GARBAGE = new Asked(
            GuestKind.GARBAGE, "guest-0002/r1", GuestKind.GARBAGE.requests().getFirst());

    private final Ledger ledger = new Ledger();

    @Test
    void aResultIsBookedToItsRequestWithTheTimeSinceItWasSentLast() {
        ledger.sending(GOOD, millis(100));
        ledger.sending(GOOD, millis(200));

        var match = ledger.result(Results.authenticated(1), true, millis(250));

        assertEquals(Optional.of(new Ledger.Match(GOOD, Duration.ofMillis(50))), match);
        Account account = ledger.settled(Duration.ZERO, millis(250)).getFirst();
        assertEquals(2, account.sent());
        assertEquals(List.of(Results.authenticated(1)), account.replays());
        assertEquals(List.of(), account.finals());
    }

    @Test
    void aResultThatNobodyAskedForBelongsToNoRequest() {
        assertEquals(Optional.empty(), ledger.result(Results.authenticated(1), false, 0));
    }

    @Test
    void aRequestWaitsUntilItHasWhatItMustBring() {
        ledger.sending(GOOD, 0);
        ledger.sending(GARBAGE, 0);
        assertEquals(2, ledger.waiting());

        ledger.result(Results.authenticated(1), false, 0);
        assertEquals(1, ledger.waiting());

        ledger.lies(GARBAGE, at(7));
        ledger.deadLetter("requests", 1, 7, 0);
        assertEquals(0, ledger.waiting());
    }

    @Test
    void aDeadLetterMayComeBeforeThePlaceOfItsRecordIsKnown() {
        ledger.sending(GARBAGE, 0);
        ledger.deadLetter("requests", 1, 7, 0);
        ledger.deadLetter("requests", 1, 7, 0);

        ledger.lies(GARBAGE, at(7));

        assertEquals(List.of(), ledger.strayDeadLetters(Duration.ZERO, 0));
        assertEquals(2, ledger.settled(Duration.ZERO, 0).getFirst().deadLetters());
    }

    @Test
    void aDeadLetterThatNamesNoRecordOfOursIsToldOnceItCanBeNoLongerAnothers() {
        ledger.deadLetter("requests", 1, 7, millis(0));

        assertEquals(List.of(), ledger.strayDeadLetters(Duration.ofMillis(100), millis(99)));
        assertEquals(List.of("requests/1/7"), ledger.strayDeadLetters(Duration.ofMillis(100), millis(100)));
        assertEquals(List.of(), ledger.strayDeadLetters(Duration.ZERO, millis(100)));
    }

    @Test
    void aSettledRequestIsTakenOutOnceAndAYoungOneStays() {
        ledger.sending(GOOD, millis(0));
        ledger.sending(GARBAGE, millis(50));

        List<Account> settled = ledger.settled(Duration.ofMillis(60), millis(70));

        assertEquals(List.of(GOOD), settled.stream().map(Account::asked).toList());
        assertEquals(List.of(), ledger.settled(Duration.ofMillis(60), millis(70)));
        assertEquals(1, ledger.waiting());
    }

    @Test
    void waitingEndsWhenTheLastAnswerComesAndNotBefore() throws InterruptedException {
        ledger.sending(GOOD, 0);
        assertFalse(ledger.awaitComplete(Duration.ofMillis(1)));

        Thread.ofVirtual().start(() -> ledger.result(Results.authenticated(1), false, 0));

        assertTrue(ledger.awaitComplete(Duration.ofSeconds(10)));
        assertEquals(Results.authenticated(1), ledger.awaitFinal(GOOD, 1, Duration.ZERO));
    }

    private static long millis(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }

    private static RecordMetadata at(long offset) {
        return new RecordMetadata(new TopicPartition("requests", 1), offset, 0, 0, 0, 0);
    }
}
