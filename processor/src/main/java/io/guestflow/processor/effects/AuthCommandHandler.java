package io.guestflow.processor.effects;

import io.guestflow.contracts.auth.AuthCommand;
import io.guestflow.contracts.auth.AuthOutcome;
import io.guestflow.processor.context.ContextHeaders;
import io.guestflow.processor.effects.cxone.Answer;
import io.guestflow.processor.effects.cxone.CallContext;
import io.guestflow.processor.effects.cxone.CallFailure;
import io.guestflow.processor.effects.cxone.ContextAccepted;
import io.guestflow.processor.effects.cxone.Conversation;
import io.guestflow.processor.effects.cxone.CreateConversation;
import io.guestflow.processor.effects.cxone.GuestApi;
import io.guestflow.processor.effects.cxone.InjectContext;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;

/**
 * Carries out authentication at CXone: create, then inject the context in one short try. When only the injection fails
 * the guest is authenticated all the same; the topology has it tried again by commands of its own, which are short too:
 * whatever waits here takes a place from guests who wait.
 *
 * <p>Threading: immutable, may be shared.
 */
public final class AuthCommandHandler implements CommandHandler<AuthCommand, AuthOutcome> {
    private final GuestApi cxone;
    private final List<String> contextPriority;
    private final InstantSource clock;

    /**
     * Calls through the given port.
     *
     * @param contextPriority context keys, the most important first: what does not fit into headers goes from the end
     */
    public AuthCommandHandler(GuestApi cxone, List<String> contextPriority, InstantSource clock) {
        this.cxone = cxone;
        this.contextPriority = List.copyOf(contextPriority);
        this.clock = clock;
    }

    @Override
    public AuthOutcome handle(AuthCommand command, Delivery delivery) {
        CallContext call = new CallContext(command.deadline(), delivery.traceparent(), delivery.correlationId());
        return switch (command) {
            case AuthCommand.Authenticate authenticate -> authenticate(authenticate, call);
            case AuthCommand.InjectContext inject -> inject(inject, call.inBackground());
        };
    }

    private AuthOutcome authenticate(AuthCommand.Authenticate command, CallContext call) {
        Instant consentAt = Objects.requireNonNullElseGet(command.consent().timestamp(), clock::instant);
        Answer<Conversation> created = cxone.create(
                new CreateConversation(
                        command.channelId(),
                        command.guestId(),
                        consentAt,
                        command.consent().policyVersion(),
                        command.requestRef() + ".create"),
                call);
        return switch (created) {
            case Answer.Failure<Conversation> failed -> failed(command, failed.failure(), failed.calls());
            case Answer.Success<Conversation> success -> {
                String conversationId = success.value().id();
                boolean injected = false;
                int calls = success.calls();
                if (!command.context().isEmpty()) {
                    Answer<ContextAccepted> answer = cxone.injectContextOnce(injection(command, conversationId), call);
                    injected = answer instanceof Answer.Success<ContextAccepted>;
                    calls += answer.calls();
                }
                yield new AuthOutcome.ConversationCreated(
                        command.commandId(),
                        command.requestId(),
                        command.guestId(),
                        conversationId,
                        success.value().expiresAt(),
                        success.httpStatus(),
                        injected,
                        calls,
                        clock.instant());
            }
        };
    }

    private AuthOutcome inject(AuthCommand.InjectContext command, CallContext call) {
        return switch (cxone.injectContextOnce(injection(command, command.conversationId()), call)) {
            case Answer.Failure<ContextAccepted> failed -> failed(command, failed.failure(), failed.calls());
            case Answer.Success<ContextAccepted> success ->
                new AuthOutcome.ContextInjected(
                        command.commandId(),
                        command.requestId(),
                        command.guestId(),
                        command.conversationId(),
                        success.httpStatus(),
                        success.calls(),
                        clock.instant());
        };
    }

    private InjectContext injection(AuthCommand command, String conversationId) {
        ContextHeaders headers = ContextHeaders.encode(command.context(), contextPriority);
        return new InjectContext(
                conversationId,
                command.context(),
                new io.guestflow.processor.effects.cxone.ContextHeaders(headers.niceContext(), headers.botVariables()),
                command.requestRef() + ".context");
    }

    private AuthOutcome failed(AuthCommand command, CallFailure failure, int calls) {
        UpstreamFailure told = UpstreamFailure.of(failure);
        return new AuthOutcome.CallFailed(
                command.commandId(),
                command.requestId(),
                command.guestId(),
                told.code(),
                told.upstreamStatus(),
                told.message(),
                told.retryAfterSeconds(),
                calls,
                clock.instant());
    }
}
