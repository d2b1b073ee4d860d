package io.guestflow.processor.auth;

import static io.guestflow.processor.auth.AuthHarness.RULES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.auth.AuthCommand;
import io.guestflow.contracts.auth.AuthOutcome;
import io.guestflow.contracts.auth.AuthStatus;
import io.guestflow.contracts.auth.ContextDrop;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.auth.GuestAuthResult.Authenticated;
import io.guestflow.contracts.auth.GuestAuthResult.NotAuthenticated;
import io.guestflow.contracts.codec.Problem.Defect;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.failure.DeadLetter;
import io.guestflow.processor.context.AllowedKey;
import io.guestflow.processor.context.ContextPolicy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests as guests send them, and outcomes as effects answer commands. */
final class AuthRecords {
    private AuthRecords() {}

    static String request(String requestId, String guestId) {
        return request(requestId, guestId, "");
    }

    /** A good request, with members replaced by those given. */
    static String request(String requestId, String guestId, String members) {
        StringBuilder json = new StringBuilder("{\"requestId\":\"" + requestId + "\",\"guestId\":\"" + guestId + "\"");
        if (!members.contains("\"channelId\"")) {
            json.append(",\"channelId\":\"c\"");
        }
        if (!members.contains("\"consent\"")) {
            json.append(",\"consent\":{\"accepted\":true}");
        }
        if (!members.contains("\"context\"")) {
            json.append(",\"context\":{\"segment\":\"anonymous\"}");
        }
        return json.append(members.isEmpty() ? "" : "," + members).append('}').toString();
    }

    static AuthOutcome created(AuthCommand command, String conversationId, boolean contextInjected) {
        return new AuthOutcome.ConversationCreated(
                command.commandId(),
                command.requestId(),
                command.guestId(),
                conversationId,
                AuthHarness.START.plus(Duration.ofHours(1)),
                201,
                contextInjected,
                2,
                AuthHarness.START);
    }

    static AuthOutcome failed(AuthCommand command, ErrorCode code) {
        return new AuthOutcome.CallFailed(
                command.commandId(),
                command.requestId(),
                command.guestId(),
                code,
                503,
                "CXone answered 503",
                null,
                3,
                AuthHarness.START);
    }
}
