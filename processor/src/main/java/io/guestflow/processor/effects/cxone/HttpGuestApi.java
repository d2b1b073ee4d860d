package io.guestflow.processor.effects.cxone;

import io.guestflow.processor.effects.cxone.RetryLoop.Bounds;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The conversation calls in HTTP: paths, headers and bodies of the profile. */
final class HttpGuestApi implements GuestApi {

    /** The one short try. */
    static final Duration SHORT_TRY = Duration.ofSeconds(2);

    /** No call goes on for longer, whatever deadline it was given. */
    static final Duration LONGEST = Duration.ofMinutes(10);

    private static final int BAD_REQUEST = 400;

    private final HttpSettings settings;
    private final Profile profile;
    private final URI createUri;
    private final RetryLoop creates;
    private final RetryLoop injections;
    private final RetryLoop closings;
    private final InstantSource clock;
    private final Meters meters;

    /** @param creates for extending too: the breaker of an endpoint counts all calls of it */
    HttpGuestApi(
            HttpSettings settings,
            RetryLoop creates,
            RetryLoop injections,
            RetryLoop closings,
            InstantSource clock,
            Meters meters) {
        this.settings = settings;
        this.creates = creates;
        this.injections = injections;
        this.closings = closings;
        this.clock = clock;
        this.meters = meters;
        profile = settings.profile();
        createUri = settings.resolve(profile.createPath());
    }

    @Override
    public Answer<Conversation> create(CreateConversation command, CallContext context) {
        if (!HeaderValues.safe(command.idempotencyKey())) {
            return new Answer.Failure<>(new CallFailure.Rejected(BAD_REQUEST), 0);
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(createUri)
                .POST(BodyPublishers.ofByteArray(ConversationJson.create(command, settings.initialQueueIds())));
        headers(request, command.idempotencyKey(), context);
        return creates.run(
                new ConversationCall<>(
                        Endpoint.CREATE,
                        null,
                        request,
                        answer -> ConversationJson.conversation(answer.body(), clock.instant())),
                new Bounds(context.lane(), deadline(context, LONGEST), settings.callTimeout(), false));
    }

    @Override
    public Answer<ContextAccepted> injectContextOnce(InjectContext command, CallContext context) {
        Duration longest = context.guestWaits() ? SHORT_TRY : Bounds.FOR_A_TURN.plus(SHORT_TRY);
        return inject(command, context, new Bounds(context.lane(), deadline(context, longest), SHORT_TRY, true));
    }

    @Override
    public Answer<Extension> extend(ExtendConversation command, CallContext context) {
        if (!HeaderValues.safe(command.idempotencyKey())) {
            return new Answer.Failure<>(new CallFailure.Rejected(BAD_REQUEST), 0);
        }
        HttpRequest.Builder request =
                HttpRequest.newBuilder(createUri).POST(BodyPublishers.ofByteArray(ConversationJson.extend(command)));
        headers(request, command.idempotencyKey(), context);
        return creates.run(
                new ConversationCall<>(
                        Endpoint.EXTEND,
                        command.conversationId(),
                        request,
                        answer -> ConversationJson.extension(answer.body(), clock.instant())),
                new Bounds(Lane.REFRESH, deadline(context, LONGEST), settings.callTimeout(), false));
    }

    @Override
    public Answer<ConversationClosed> close(CloseConversation command, CallContext context) {
        Profile.CloseCall close = profile.close();
        if (close == null) {
            throw new IllegalStateException("the profile " + profile.name() + " has no call that ends a conversation");
        }
        String id = command.conversationId();
        if (!HeaderValues.safe(command.idempotencyKey()) || !PathSegment.encodable(id)) {
            return new Answer.Failure<>(new CallFailure.Rejected(BAD_REQUEST), 0);
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        settings.resolve(close.path().replace("{id}", PathSegment.encode(id))))
                .method(close.method(), BodyPublishers.ofString(close.body()));
        headers(request, command.idempotencyKey(), context);
        return closings.run(
                new ConversationCall<>(Endpoint.CLOSE, id, request, answer -> new ConversationClosed(id)),
                new Bounds(context.lane(), deadline(context, LONGEST), settings.callTimeout(), false));
    }

    @Override
    public boolean closes() {
        return profile.close() != null;
    }

    private Instant deadline(CallContext context, Duration longest) {
        Instant latest = clock.instant().plus(longest);
        return latest.isBefore(context.deadline()) ? latest : context.deadline();
    }

    private Answer<ContextAccepted> inject(InjectContext command, CallContext context, Bounds bounds) {
        String id = command.conversationId();
        if (!HeaderValues.safe(command.idempotencyKey())
                || !PathSegment.encodable(id)
                || !command.context().values().stream().allMatch(JsonNode::isValueNode)) {
            return new Answer.Failure<>(new CallFailure.Rejected(BAD_REQUEST), 0);
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        settings.resolve(profile.contextPath().replace("{id}", PathSegment.encode(id))))
                .method("PATCH", BodyPublishers.ofByteArray(ConversationJson.context(command)));
        headers(request, command.idempotencyKey(), context);
        optional(request, profile.contextHeader(), command.headers().niceContext());
        optional(request, profile.botVariablesHeader(), command.headers().botVariables());
        return injections.run(
                new ConversationCall<>(
                        Endpoint.CONTEXT,
                        id,
                        request,
                        answer -> ConversationJson.tellsOf(id, answer.body()) ? new ContextAccepted(id) : null),
                bounds);
    }

    private void headers(HttpRequest.Builder request, String idempotencyKey, CallContext context) {
        request.setHeader("Content-Type", "application/json");
        request.setHeader("Accept", "application/json");
        request.setHeader(profile.idempotencyKeyHeader(), idempotencyKey);
        optional(request, "traceparent", context.traceparent());
        optional(request, profile.correlationIdHeader(), context.correlationId());
    }

    /** A header that the call can do without: a value that is no header value is left out, and counted. */
    private void optional(HttpRequest.Builder request, String name, @Nullable String value) {
        if (value == null || value.isEmpty()) {
            return;
        }
        if (HeaderValues.safe(value)) {
            request.setHeader(name, value);
        } else {
            meters.refusedHeader();
        }
    }

    /** The same request for every try, but for the token. */
    private record ConversationCall<T>(
            Endpoint endpoint,
            @Nullable String conversationId,
            HttpRequest.Builder request,
            Function<GateAnswer.Answered, @Nullable T> reader)
            implements RetryLoop.Call<T> {

        @Override
        public HttpRequest request(Token token) {
            return request.setHeader("Authorization", "Bearer " + token.value()).build();
        }

        @Override
        public @Nullable T read(GateAnswer.Answered answer) {
            return reader.apply(answer);
        }
    }
}
