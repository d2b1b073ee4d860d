package io.guestflow.processor.effects;

import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.session.SessionCommand;
import io.guestflow.contracts.session.SessionOutcome;
import io.guestflow.processor.context.ContextHeaders;
import io.guestflow.processor.effects.cxone.Answer;
import io.guestflow.processor.effects.cxone.CallContext;
import io.guestflow.processor.effects.cxone.CallFailure;
import io.guestflow.processor.effects.cxone.CloseConversation;
import io.guestflow.processor.effects.cxone.ContextAccepted;
import io.guestflow.processor.effects.cxone.ConversationClosed;
import io.guestflow.processor.effects.cxone.ExtendConversation;
import io.guestflow.processor.effects.cxone.Extension;
import io.guestflow.processor.effects.cxone.GuestApi;
import io.guestflow.processor.effects.cxone.InjectContext;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;

/**
 * Carries out at CXone what a session needs. What CXone answers is told as it was said; what that means for the session
 * the session decides.
 *
 * <p>Threading: immutable, may be shared.
 */
public final class SessionCommandHandler implements CommandHandler<SessionCommand, SessionOutcome> {
    private final GuestApi cxone;
    private final List<String> contextPriority;
    private final InstantSource clock;

    /**
     * Calls through the given port.
     *
     * @param contextPriority context keys, the most important first: what does not fit into headers goes from the end
     */
    public SessionCommandHandler(GuestApi cxone, List<String> contextPriority, InstantSource clock) {
        this.cxone = cxone;
        this.contextPriority = List.copyOf(contextPriority);
        this.clock = clock;
    }

    @Override
    public SessionOutcome handle(SessionCommand command, Delivery delivery) {
        return switch (command) {
            case SessionCommand.Refresh refresh -> refresh(refresh, delivery);
            case SessionCommand.InjectContext inject -> inject(inject, delivery);
            case SessionCommand.Close close -> close(close, delivery);
        };
    }

    private SessionOutcome refresh(SessionCommand.Refresh command, Delivery delivery) {
        // Past its end the call would open another conversation, whatever deadline the command came with.
        Instant deadline = command.expiresAt().isBefore(command.deadline()) ? command.expiresAt() : command.deadline();
        Answer<Extension> answer = cxone.extend(
                new ExtendConversation(
                        command.conversationId(),
                        command.channelId(),
                        command.guestId(),
                        clock.instant(),
                        command.policyVersion(),
                        command.idempotencyKey()),
                call(deadline, delivery));
        return outcome(
                command,
                answer,
                success -> new SessionOutcome.Extended(
                        command.commandId(),
                        command.conversationId(),
                        success.value().conversationId(),
                        success.value().expiresAt(),
                        success.httpStatus(),
                        success.calls(),
                        clock.instant()));
    }

    private SessionOutcome inject(SessionCommand.InjectContext command, Delivery delivery) {
        ContextHeaders headers = ContextHeaders.encode(command.context(), contextPriority);
        // The session tries again itself: what waits here for a second try would take a place from refreshes.
        Answer<ContextAccepted> answer = cxone.injectContextOnce(
                new InjectContext(
                        command.conversationId(),
                        command.context(),
                        new io.guestflow.processor.effects.cxone.ContextHeaders(
                                headers.niceContext(), headers.botVariables()),
                        command.idempotencyKey()),
                call(command.deadline(), delivery));
        return outcome(
                command,
                answer,
                success -> new SessionOutcome.ContextAccepted(
                        command.commandId(),
                        command.conversationId(),
                        success.httpStatus(),
                        success.calls(),
                        clock.instant()));
    }

    private SessionOutcome close(SessionCommand.Close command, Delivery delivery) {
        if (!cxone.closes()) {
            return new SessionOutcome.CallFailed(
                    command.commandId(),
                    command.conversationId(),
                    ErrorCode.UPSTREAM_REJECTED,
                    null,
                    "the tenant has no call that ends a conversation",
                    null,
                    0,
                    clock.instant());
        }
        Answer<ConversationClosed> answer = cxone.close(
                new CloseConversation(command.conversationId(), command.idempotencyKey()),
                call(command.deadline(), delivery));
        return outcome(
                command,
                answer,
                success -> new SessionOutcome.ConversationClosed(
                        command.commandId(),
                        command.conversationId(),
                        success.httpStatus(),
                        success.calls(),
                        clock.instant()));
    }

    private static CallContext call(Instant deadline, Delivery delivery) {
        return new CallContext(deadline, delivery.traceparent(), delivery.correlationId()).inBackground();
    }

    private <T> SessionOutcome outcome(
            SessionCommand command, Answer<T> answer, Function<Answer.Success<T>, SessionOutcome> told) {
        return switch (answer) {
            case Answer.Success<T> success -> told.apply(success);
            case Answer.Failure<T>(CallFailure.ConversationGone(int status), int calls) ->
                new SessionOutcome.Gone(command.commandId(), command.conversationId(), status, calls, clock.instant());
            case Answer.Failure<T>(CallFailure failure, int calls) -> {
                UpstreamFailure upstream = UpstreamFailure.of(failure);
                yield new SessionOutcome.CallFailed(
                        command.commandId(),
                        command.conversationId(),
                        upstream.code(),
                        upstream.upstreamStatus(),
                        upstream.message(),
                        upstream.retryAfterSeconds(),
                        calls,
                        clock.instant());
            }
        };
    }
}
