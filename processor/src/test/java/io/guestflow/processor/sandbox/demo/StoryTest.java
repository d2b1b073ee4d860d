package io.guestflow.processor.sandbox.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.auth.GuestAuthRequest;
import io.guestflow.contracts.codec.ContractViolation;
import io.guestflow.contracts.codec.Problem;
import io.guestflow.processor.sandbox.demo.Visit.Move;
import io.guestflow.processor.sandbox.demo.Visit.When;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StoryTest {
    private static final int PARTITIONS = 4;
    private static final Set<GuestKind> UNREADABLE = EnumSet.of(GuestKind.INVALID, GuestKind.GARBAGE);

    private final Story story =
            new Story(new Messages(InstantSource.fixed(Instant.parse("2026-11-22T07:00:00Z")), PARTITIONS));

    @Test
    void anActHasEveryKindOfGuest() {
        Set<GuestKind> seen = IntStream.range(0, Story.BEATS)
                .mapToObj(Story::kinds)
                .flatMap(List::stream)
                .collect(toSet());

        assertEquals(EnumSet.allOf(GuestKind.class), seen);
    }

    @Test
    void noTwoRequestsOfTwoActsHaveTheSameName() {
        var requests = new ArrayList<Asked>();
        for (int beat = 0; beat < 2 * Story.BEATS; beat++) {
            story.beat(beat % Story.BEATS).forEach(visit -> requests.addAll(visit.requests()));
        }

        assertEquals(
                requests.size(), requests.stream().map(Asked::name).distinct().count());
    }

    @ParameterizedTest
    @EnumSource
    void eachRequestThatTheKindExpectsIsMadeUnderItsName(GuestKind kind) {
        Visit visit = story.visit(kind);

        assertEquals(
                kind.requests(), visit.requests().stream().map(Asked::expected).toList());
        if (!UNREADABLE.contains(kind)) {
            for (Move move : visit.moves()) {
                GuestAuthRequest request =
                        GuestAuthRequest.CODEC.read(move.message().value());
                assertEquals(move.asked().name(), Asked.name(request.guestId(), request.requestId()));
            }
        }
    }

    @Test
    void onlyWhatMayNotPassTellsWhatMustNeverBeTold() {
        for (GuestKind kind : GuestKind.values()) {
            boolean tells = story.visit(kind).moves().stream().anyMatch(move -> tells(move.message()));

            assertEquals(kind == GuestKind.GARBAGE || kind == GuestKind.PERSONAL_CONTEXT, tells, kind.label());
        }
    }

    @Test
    void anActHasGarbageOfEveryWay() {
        long garbage = IntStream.range(0, Story.BEATS)
                .mapToObj(Story::kinds)
                .flatMap(List::stream)
                .filter(kind -> kind == GuestKind.GARBAGE)
                .count();

        assertTrue(garbage >= 5, () -> garbage + " of 5");
    }

    @Test
    void garbageIsBadInFiveWays() {
        var ways = new HashSet<Object>();
        for (int i = 0; i < 5; i++) {
            byte[] value =
                    story.visit(GuestKind.GARBAGE).moves().getFirst().message().value();
            var violation = assertThrows(ContractViolation.class, () -> GuestAuthRequest.CODEC.read(value));
            ways.add(violation.problems().getFirst().defect());
        }

        assertEquals(5, ways.size(), ways::toString);
    }

    @Test
    void anInvalidRequestHasTheBadFieldsThatMustBeNamed() {
        byte[] value =
                story.visit(GuestKind.INVALID).moves().getFirst().message().value();

        var violation = assertThrows(ContractViolation.class, () -> GuestAuthRequest.CODEC.read(value));

        ExpectedAnswer expected =
                GuestKind.INVALID.requests().getFirst().finals().getFirst();
        assertEquals(
                expected.named(),
                violation.problems().stream().map(Problem::field).collect(toSet()));
    }

    @Test
    void aForeignPartitionIsNotTheOneOfTheKey() {
        for (int i = 0; i < 20; i++) {
            var message =
                    story.visit(GuestKind.FOREIGN_PARTITION).moves().getFirst().message();

            assertNotEquals(Utils.toPositive(Utils.murmur2(message.key())) % PARTITIONS, message.partition());
            assertTrue(message.partition() < PARTITIONS);
        }
    }

    @Test
    void aForeignKeyIsMissingOrNotTheGuest() {
        var keys = new HashSet<String>();
        for (int i = 0; i < 2; i++) {
            Visit visit = story.visit(GuestKind.FOREIGN_KEY);
            byte[] key = visit.moves().getFirst().message().key();
            keys.add(key == null ? "none" : new String(key, UTF_8));
        }

        assertEquals(Set.of("none", "a-key-of-their-own"), keys);
    }

    @Test
    void aRepeatComesBeforeOrAfterTheAnswer() {
        assertEquals(
                When.ANSWERED,
                story.visit(GuestKind.REPEAT_ANSWERED).moves().getLast().when());
        assertEquals(
                When.AT_ONCE,
                story.visit(GuestKind.REPEAT_PENDING).moves().getLast().when());
    }

    @Test
    void theTwoForbiddenChannelsAreForbiddenByDifferentSides() {
        assertTrue(Messages.CHANNELS_ALLOWED.contains(channel(GuestKind.CHANNEL_FORBIDDEN)));
        assertFalse(Messages.CHANNELS_ALLOWED.contains(channel(GuestKind.CHANNEL_NOT_OURS)));
    }

    private String channel(GuestKind kind) {
        return GuestAuthRequest.CODEC
                .read(story.visit(kind).moves().getFirst().message().value())
                .channelId();
    }

    private static boolean tells(ProducerRecord<byte[], byte[]> message) {
        return (message.key() != null && new String(message.key(), UTF_8).contains(Messages.NEVER_TOLD))
                || (message.value() != null && new String(message.value(), UTF_8).contains(Messages.NEVER_TOLD));
    }
}
