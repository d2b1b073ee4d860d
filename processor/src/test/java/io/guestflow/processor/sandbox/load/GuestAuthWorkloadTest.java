package io.guestflow.processor.sandbox.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.auth.AuthError;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.auth.GuestAuthRequest;
import io.guestflow.contracts.auth.GuestAuthResult;
import io.guestflow.contracts.auth.GuestAuthResult.Authenticated;
import io.guestflow.contracts.auth.GuestAuthResult.NotAuthenticated;
import io.guestflow.processor.sandbox.load.Workload.Answer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class GuestAuthWorkloadTest {
    private static final Instant NOW = Instant.parse("2026-11-22T07:00:00Z");

    private final GuestAuthWorkload workload = new GuestAuthWorkload(Duration.ofSeconds(15));

    @Test
    void aRequestIsWhatTheContractSaysAndKeyedByItsGuest() {
        var record = workload.request("r-1");

        GuestAuthRequest request = GuestAuthRequest.CODEC.read(record.value());
        assertEquals("r-1", request.requestId());
        assertEquals(GuestAuthWorkload.guestOf("r-1"), request.guestId());
        assertEquals(request.guestId(), new String(record.key(), StandardCharsets.UTF_8));
        assertEquals(15_000, request.timeoutMs());
    }

    @Test
    void onlyAnAuthenticatedGuestWithContextIsGood() {
        assertEquals(new Answer("r-1", false, "AUTHENTICATED", true), workload.answer(result(granted("r-1", true))));
        assertEquals(
                new Answer("r-1", false, "AUTHENTICATED without context", false),
                workload.answer(result(granted("r-1", false))));
        assertEquals(
                new Answer("r-1", false, "UPSTREAM_ERROR", false),
                workload.answer(result(new NotAuthenticated(
                        "r-1",
                        1,
                        GuestAuthWorkload.guestOf("r-1"),
                        "c",
                        ErrorCode.UPSTREAM_ERROR.status(),
                        NOW,
                        5,
                        AuthError.of(ErrorCode.UPSTREAM_ERROR, "503", null)))));
    }

    @Test
    void anAnswerForAnotherGuestIsNotGood() {
        var swapped = new Authenticated(
                "r-1", 1, GuestAuthWorkload.guestOf("r-2"), "c", "conv-1", NOW, true, List.of(), NOW, 5);

        assertEquals(new Answer("r-1", false, "AUTHENTICATED", false), workload.answer(result(swapped)));
    }

    @Test
    void aReplayIsKnownByItsHeader() {
        var record = result(granted("r-1", true));
        record.headers().add(RecordHeaders.REPLAYED, "true".getBytes(StandardCharsets.UTF_8));

        assertEquals(new Answer("r-1", true, "AUTHENTICATED", true), workload.answer(record));
    }

    @Test
    void whatIsNoResultAnswersNothing() {
        assertNull(workload.answer(new ConsumerRecord<>("t", 0, 0, null, "{".getBytes(StandardCharsets.UTF_8))));
    }

    private static GuestAuthResult granted(String requestId, boolean contextInjected) {
        return new Authenticated(
                requestId,
                1,
                GuestAuthWorkload.guestOf(requestId),
                "c",
                "conv-1",
                NOW,
                contextInjected,
                List.of(),
                NOW,
                5);
    }

    private static ConsumerRecord<byte[], byte[]> result(GuestAuthResult result) {
        return new ConsumerRecord<>("t", 0, 0, null, GuestAuthResult.CODEC.write(result));
    }
}
