package io.guestflow.contracts.facts;

import io.guestflow.contracts.auth.Consent;
import io.guestflow.contracts.auth.ContextDrop;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.codec.Fields;
import io.guestflow.contracts.facts.Fact.AuthFailed;
import io.guestflow.contracts.facts.Fact.AuthLate;
import io.guestflow.contracts.facts.Fact.AuthRejected;
import io.guestflow.contracts.facts.Fact.AuthSucceeded;
import io.guestflow.contracts.facts.Fact.ContextFailed;
import io.guestflow.contracts.facts.Fact.ContextInjected;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads the variants, those of auth itself; a kind that it does not know is a violation of {@code kind}. */
final class FactReader {
    private static final int MAX_KEY = 128;

    private static final Set<String> KINDS = Arrays.stream(Fact.class.getPermittedSubclasses())
            .map(Class::getSimpleName)
            .collect(Collectors.toUnmodifiableSet());

    private FactReader() {}

    static boolean isOfUnknownKind(Fields in) {
        String kind = in.text("kind", Fields.MAX_ID);
        return in.problems().isEmpty() && !KINDS.contains(kind);
    }

    static Fact read(Fields in) {
        return switch (in.text("kind", Fields.MAX_ID)) {
            case "AuthSucceeded" -> succeeded(in);
            case "AuthRejected" -> rejected(in);
            case "AuthFailed" -> failed(in);
            case "AuthLate" -> late(in);
            case "ContextInjected" -> injected(in);
            case "ContextFailed" -> notInjected(in);
            case "SessionOpened" -> SessionFactReader.opened(in);
            case "SessionRefreshed" -> SessionFactReader.refreshed(in);
            case "SessionExpiring" -> SessionFactReader.expiring(in);
            case "SessionEnded" -> SessionFactReader.ended(in);
            case "MessageSeen" -> SessionFactReader.messageSeen(in);
            case "GuestLinked" -> SessionFactReader.guestLinked(in);
            case "ConversationMeasured" -> SessionFactReader.measured(in);
            default -> throw in.unknownKind();
        };
    }

    private static AuthSucceeded succeeded(Fields in) {
        return new AuthSucceeded(
                in.id("factId"),
                in.time("at"),
                in.id("guestRef"),
                Dimensions.read(in.object("dimensions")),
                Source.read(in.object("source")),
                in.id("requestId"),
                in.count("attempt", 1),
                in.id("conversationId"),
                in.time("expiresAt"),
                in.httpStatus("httpStatus"),
                in.whole("latencyMs", 0, Fields.MAX_WHOLE),
                in.count("calls", 0),
                Consent.read(in.object("consent")),
                in.texts("contextKeys", MAX_KEY),
                in.objects("contextDropped", ContextDrop::read));
    }

    private static AuthRejected rejected(Fields in) {
        Fields consent = in.optionalObject("consent");
        return new AuthRejected(
                in.id("factId"),
                in.time("at"),
                in.id("guestRef"),
                Dimensions.read(in.object("dimensions")),
                Source.read(in.object("source")),
                in.id("requestId"),
                in.count("attempt", 1),
                in.oneOf("code", ErrorCode.class),
                in.httpStatus("httpStatus"),
                in.whole("latencyMs", 0, Fields.MAX_WHOLE),
                in.count("calls", 0),
                consent == null ? null : Consent.read(consent),
                in.texts("contextKeys", MAX_KEY),
                in.objects("contextDropped", ContextDrop::read));
    }

    private static AuthFailed failed(Fields in) {
        return new AuthFailed(
                in.id("factId"),
                in.time("at"),
                in.id("guestRef"),
                Dimensions.read(in.object("dimensions")),
                Source.read(in.object("source")),
                in.id("requestId"),
                in.count("attempt", 1),
                in.oneOf("code", ErrorCode.class),
                in.httpStatus("httpStatus"),
                in.whole("latencyMs", 0, Fields.MAX_WHOLE),
                in.count("calls", 0),
                Consent.read(in.object("consent")),
                in.texts("contextKeys", MAX_KEY),
                in.objects("contextDropped", ContextDrop::read));
    }

    private static AuthLate late(Fields in) {
        return new AuthLate(
                in.id("factId"),
                in.time("at"),
                in.id("guestRef"),
                Dimensions.read(in.object("dimensions")),
                Source.read(in.object("source")),
                in.id("requestId"),
                in.count("attempt", 1),
                in.id("conversationId"),
                in.time("expiresAt"),
                in.httpStatus("httpStatus"),
                in.count("calls", 0));
    }

    private static ContextInjected injected(Fields in) {
        return new ContextInjected(
                in.id("factId"),
                in.time("at"),
                in.id("guestRef"),
                Dimensions.read(in.object("dimensions")),
                Source.read(in.object("source")),
                in.id("requestId"),
                in.count("attempt", 1),
                in.id("conversationId"),
                in.texts("contextKeys", MAX_KEY),
                in.count("calls", 0));
    }

    private static ContextFailed notInjected(Fields in) {
        return new ContextFailed(
                in.id("factId"),
                in.time("at"),
                in.id("guestRef"),
                Dimensions.read(in.object("dimensions")),
                Source.read(in.object("source")),
                in.id("requestId"),
                in.count("attempt", 1),
                in.id("conversationId"),
                in.texts("contextKeys", MAX_KEY),
                in.oneOf("code", ErrorCode.class),
                in.count("calls", 0));
    }
}
