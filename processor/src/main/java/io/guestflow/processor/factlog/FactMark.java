package io.guestflow.processor.factlog;

import io.guestflow.contracts.facts.Fact;
import io.guestflow.processor.facts.LengthPrefixed;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a fact: 16 bytes that stand for its id, and 8 that stand for what is the same however often it is
 * decided. Times, latencies and numbers of calls are not: after a crash without transactions they may be others. Nor is
 * whom a session's fact is told of, which is the conversation until its guest is known.
 *
 * <p>Threading: for one thread.
 */
final class FactMark {
    private static final int KEY_BYTES = 16;
    static final int CONTENT_BYTES = 8;
    /** As ids of facts have it. */
    private static final int ID_LENGTH = 22;

    private final MessageDigest sha256 = sha256();

    /** Stands for the id; any id, though ours would be shorter decoded. */
    Bytes key(Fact fact) {
        return Bytes.wrap(cut(fact.factId().getBytes(StandardCharsets.UTF_8), KEY_BYTES));
    }

    /** Stands for what happened to whom. */
    byte[] content(Fact fact) {
        return cut(LengthPrefixed.of(kind(fact), whom(fact), text(requestId(fact))), CONTENT_BYTES);
    }

    /** The id of a fact whose own another one has: made of both, so that it is the same whenever the fact comes again. */
    String otherId(Fact fact) {
        byte[] digest = sha256.digest(
                LengthPrefixed.of("reused", fact.factId(), kind(fact), whom(fact), text(requestId(fact))));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(digest).substring(0, ID_LENGTH);
    }

    private static String kind(Fact fact) {
        return fact.getClass().getSimpleName();
    }

    private static String whom(Fact fact) {
        String conversationId = conversationId(fact);
        return conversationId == null ? fact.guestRef() : conversationId;
    }

    private static @Nullable String conversationId(Fact fact) {
        return switch (fact) {
            case Fact.AuthSucceeded it -> it.conversationId();
            case Fact.AuthRejected ignored -> null;
            case Fact.AuthFailed ignored -> null;
            case Fact.AuthLate it -> it.conversationId();
            case Fact.ContextInjected it -> it.conversationId();
            case Fact.ContextFailed it -> it.conversationId();
            case Fact.SessionOpened it -> it.conversationId();
            case Fact.SessionRefreshed it -> it.conversationId();
            case Fact.SessionExpiring it -> it.conversationId();
            case Fact.SessionEnded it -> it.conversationId();
            case Fact.MessageSeen it -> it.conversationId();
            case Fact.GuestLinked it -> it.conversationId();
            case Fact.ConversationMeasured it -> it.conversationId();
        };
    }

    private static @Nullable String requestId(Fact fact) {
        return switch (fact) {
            case Fact.AuthSucceeded it -> it.requestId();
            case Fact.AuthRejected it -> it.requestId();
            case Fact.AuthFailed it -> it.requestId();
            case Fact.AuthLate it -> it.requestId();
            case Fact.ContextInjected it -> it.requestId();
            case Fact.ContextFailed it -> it.requestId();
            case Fact.SessionOpened it -> it.requestId();
            case Fact.SessionRefreshed ignored -> null;
            case Fact.SessionExpiring ignored -> null;
            case Fact.SessionEnded ignored -> null;
            case Fact.MessageSeen ignored -> null;
            case Fact.GuestLinked ignored -> null;
            case Fact.ConversationMeasured ignored -> null;
        };
    }

    private static String text(@Nullable String optional) {
        return optional == null ? "" : optional;
    }

    private byte[] cut(byte[] message, int length) {
        return Arrays.copyOf(sha256.digest(message), length);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            // Every Java platform has SHA-256 (java.security.MessageDigest's requirements).
            throw new IllegalStateException("SHA-256 is not usable on this JDK", impossible);
        }
    }
}
