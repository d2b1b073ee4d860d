package io.guestflow.processor.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.session.SessionEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionOpeningsTest {
    @TempDir
    Path stateDir;

    @Test
    void everySuccessOpensASessionFromTheSourceOfItsFact() {
        try (AuthHarness auth = new AuthHarness(AuthHarness.RULES, stateDir)) {
            auth.request(AuthRecords.request("r1", "guest"));
            auth.outcome(AuthRecords.created(auth.commands().getFirst(), "conv-1", true));

            Fact.AuthSucceeded told = auth.facts().stream()
                    .filter(Fact.AuthSucceeded.class::isInstance)
                    .map(Fact.AuthSucceeded.class::cast)
                    .findFirst()
                    .orElseThrow();
            assertEquals(
                    List.of(new SessionEvent.Opened(
                            "conv-1",
                            told.at(),
                            "guest",
                            0,
                            "r1",
                            1,
                            AuthHarness.REFS.requestRef("guest", "r1"),
                            "c",
                            told.dimensions(),
                            told.consent(),
                            told.expiresAt(),
                            told.source())),
                    auth.sessionEvents());
        }
    }

    @Test
    void anAttemptThatFailsOpensNone() {
        try (AuthHarness auth = new AuthHarness(AuthHarness.RULES, stateDir)) {
            auth.request(AuthRecords.request("r1", "guest"));
            auth.outcome(AuthRecords.failed(auth.commands().getFirst(), ErrorCode.UPSTREAM_REJECTED));
            auth.request(AuthRecords.request("r2", "guest", "\"consent\":{\"accepted\":false}"));
            auth.request(AuthRecords.request("r3", "guest"));
            auth.advance(Duration.ofSeconds(61));

            assertEquals(List.of(), auth.sessionEvents());
        }
    }

    @Test
    void aConversationThatCameTooLateIsOpenedByTheAttemptThatItAnswers() {
        try (AuthHarness auth = new AuthHarness(AuthHarness.RULES, stateDir)) {
            auth.request(AuthRecords.request("r1", "guest", "\"timeoutMs\":1000"));
            auth.advance(Duration.ofSeconds(11));
            auth.outcome(AuthRecords.created(auth.commands().getFirst(), "conv-1", true));
            assertEquals(List.of(), auth.sessionEvents(), "nobody knows of it yet");

            auth.advance(Duration.ofSeconds(1));
            auth.request(AuthRecords.request("r1", "guest"));
            assertEquals(
                    List.of(2),
                    auth.sessionEvents().stream()
                            .map(SessionEvent.Opened.class::cast)
                            .map(SessionEvent.Opened::attempt)
                            .toList());
        }
    }

    @Test
    void aConversationIsOpenedUnderTheSpellingThatWebhooksAreReadIn() {
        try (AuthHarness auth = new AuthHarness(AuthHarness.RULES, stateDir)) {
            auth.request(AuthRecords.request("r1", "guest"));
            auth.outcome(AuthRecords.created(auth.commands().getFirst(), "0F3A8C1E-5B7D-4E2F-9A6B-112233445566", true));

            assertEquals(
                    "0f3a8c1e-5b7d-4e2f-9a6b-112233445566",
                    ((SessionEvent.Opened) auth.sessionEvents().getFirst()).conversationId());
        }
    }
}
