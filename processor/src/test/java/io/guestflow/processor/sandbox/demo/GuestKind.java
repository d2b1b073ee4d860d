package io.guestflow.processor.sandbox.demo;

import static io.guestflow.contracts.auth.ContextDrop.Reason.LOOKS_LIKE_EMAIL;
import static io.guestflow.contracts.auth.ContextDrop.Reason.NOT_ALLOWED;
import static io.guestflow.processor.sandbox.demo.Expected.answers;
import static io.guestflow.processor.sandbox.demo.Expected.deadLetter;
import static io.guestflow.processor.sandbox.demo.ExpectedAnswer.authenticated;
import static io.guestflow.processor.sandbox.demo.ExpectedAnswer.refused;

import io.guestflow.contracts.auth.ContextDrop;
import io.guestflow.contracts.auth.ErrorCode;
import java.util.List;

/** The kinds of guests, and what each of their requests must bring: the table that the demo is checked against. */
enum GuestKind {
    GOOD("good guest", answers(authenticated())),
    NO_CONSENT("no consent", answers(refused(ErrorCode.CONSENT_REQUIRED))),
    CHANNEL_FORBIDDEN("channel CXone forbids", answers(refused(ErrorCode.UPSTREAM_FORBIDDEN))),
    CHANNEL_NOT_OURS("channel not ours", answers(refused(ErrorCode.CHANNEL_NOT_ALLOWED))),
    PERSONAL_CONTEXT(
            "personal data in context",
            answers(authenticated(
                    new ContextDrop("campaign", LOOKS_LIKE_EMAIL),
                    new ContextDrop("unknown#1", NOT_ALLOWED),
                    new ContextDrop("unknown#2", NOT_ALLOWED)))),
    REPEAT_ANSWERED("repeat, answered before", answers(authenticated()).thenReplayed()),
    REPEAT_PENDING("repeat, still pending", answers(authenticated())),
    INVALID(
            "invalid request",
            answers(refused(ErrorCode.INVALID_REQUEST, "channelId", "consent.accepted", "timeoutMs"))),
    GARBAGE("garbage", deadLetter()),
    FOREIGN_PARTITION("foreign partition", answers(authenticated())),
    FOREIGN_KEY("foreign key", answers(authenticated())),
    FOUR_AT_ONCE(
            "four at once",
            answers(authenticated()),
            answers(authenticated()),
            answers(authenticated()),
            answers(refused(ErrorCode.RATE_LIMITED))),
    CHATS("chats", answers(authenticated())),
    NEVER_WRITES("never writes", answers(authenticated())),
    GOES_QUIET("goes quiet", answers(authenticated())),
    IS_CLOSED("is closed by an agent", answers(authenticated())),
    BURST_PATIENT("burst, patient", answers(authenticated())),
    BURST_HURRIED("burst, in a hurry", answers(refused(ErrorCode.RATE_LIMITED), authenticated()));

    private final String label;
    private final List<Expected> requests;

    GuestKind(String label, Expected... requests) {
        this.label = label;
        this.requests = List.of(requests);
    }

    /** For a person. */
    String label() {
        return label;
    }

    /** What each request of such a guest must bring, in the order in which the guest makes them. */
    List<Expected> requests() {
        return requests;
    }
}
