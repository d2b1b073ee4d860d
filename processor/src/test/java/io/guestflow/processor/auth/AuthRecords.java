package io.guestflow.processor.auth;

import io.guestflow.contracts.auth.AuthCommand;
import io.guestflow.contracts.auth.AuthOutcome;
import io.guestflow.contracts.auth.ErrorCode;
import java.time.Duration;

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
