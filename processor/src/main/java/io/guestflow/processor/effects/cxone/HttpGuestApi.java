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

    /**
     * How long a short try for which nobody waits may wait for its turn. Long enough that under full load one turn in
     * twenty comes within it, also where the limit is low; short enough that those who wait take few places of others.
     */
    static final Duration FOR_A_TURN = Duration.ofSeconds(5);

    /** No call goes on for longer, whatever deadline it was given. */
    static final Duration LONGEST = Duration.ofMinutes(10);

    private static final int BAD_REQUEST = 400;

    private final HttpSettings settings;
    private final Profile profile;
    private final URI createUri;
    private final RetryLoop creates;
    private final RetryLoop injections;
    private final InstantSource clock;
    private final Meters meters;

    HttpGuestApi(HttpSettings settings, RetryLoop creates, RetryLoop injections, InstantSource clock, Meters meters) {
        this.settings = settings;
        this.creates = creates;
        this.injections = injections;
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
                        request,
                        answer -> ConversationJson.conversation(answer.body(), clock.instant())),
                new Bounds(context.lane(), deadline(context, LONGEST), settings.callTimeout(), false));
    }

    @Override
    public Answer<ContextAccepted> injectContext(InjectContext command, CallContext context) {
        return inject(
                command,
                context,
                new Bounds(context.lane(), deadline(context, LONGEST), settings.callTimeout(), false));
    }

    @Override
    public Answer<ContextAccepted> injectContextOnce(InjectContext command, CallContext context) {
        Duration longest = context.guestWaits() ? SHORT_TRY : FOR_A_TURN.plus(SHORT_TRY);
        return inject(command, context, new Bounds(context.lane(), deadline(context, longest), SHORT_TRY, true));
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
            Endpoint endpoint, HttpRequest.Builder request, Function<GateAnswer.Answered, @Nullable T> reader)
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
