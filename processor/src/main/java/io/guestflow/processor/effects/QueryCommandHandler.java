package io.guestflow.processor.effects;

import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.cxone.ConversationFigures;
import io.guestflow.contracts.cxone.PagingFault;
import io.guestflow.contracts.cxone.QueryCommand;
import io.guestflow.contracts.cxone.QueryOutcome;
import io.guestflow.processor.effects.cxone.CallContext;
import io.guestflow.processor.effects.cxone.CallFailure;
import io.guestflow.processor.effects.cxone.Details;
import io.guestflow.processor.effects.cxone.DetailsApi;
import io.guestflow.processor.effects.cxone.PageFault;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks CXone's analytics. One command has one outcome, with all that could be read before something went wrong.
 *
 * <p>Threading: may be shared.
 */
public final class QueryCommandHandler implements CommandHandler<QueryCommand, QueryOutcome> {
    private static final Logger LOG = LoggerFactory.getLogger(QueryCommandHandler.class);
    /** Each command would say so again. */
    private static final Duration WARNED_EVERY = Duration.ofMinutes(15);

    private final DetailsApi cxone;
    private final InstantSource clock;
    private final AtomicLong notWarnedBeforeMs = new AtomicLong();

    /** Calls through the given port. */
    public QueryCommandHandler(DetailsApi cxone, InstantSource clock) {
        this.cxone = cxone;
        this.clock = clock;
    }

    @Override
    public QueryOutcome handle(QueryCommand command, Delivery delivery) {
        return switch (command) {
            case QueryCommand.MeasureConversations measure -> measure(measure, delivery);
        };
    }

    private QueryOutcome measure(QueryCommand.MeasureConversations command, Delivery delivery) {
        if (!cxone.measures()) {
            warn("the tenant's profile has no such call");
            return new QueryOutcome.CallFailed(
                    command.commandId(),
                    ErrorCode.UPSTREAM_REJECTED,
                    null,
                    "the tenant has no query for the details of conversations",
                    null,
                    0,
                    clock.instant());
        }
        Details details = cxone.details(
                command.conversationIds(),
                new CallContext(command.deadline(), delivery.traceparent(), delivery.correlationId()).inBackground());
        List<ConversationFigures> figures = details.conversations().stream()
                .map(each -> new ConversationFigures(
                        each.conversationId(), each.startedAt(), each.endedAt(), each.durationMs(), each.messages()))
                .toList();
        return switch (details.end()) {
            case Details.End.Complete() ->
                new QueryOutcome.Measured(
                        command.commandId(), figures, details.pages(), details.calls(), clock.instant());
            case Details.End.Unreadable(List<String> ids) ->
                faulty(command, details, figures, PageFault.UNREADABLE_ROW, ids);
            case Details.End.Faulty(PageFault fault) -> faulty(command, details, figures, fault, List.of());
            case Details.End.Failed(CallFailure failure) -> failed(command, details, figures, failure);
        };
    }

    private QueryOutcome faulty(
            QueryCommand command,
            Details details,
            List<ConversationFigures> figures,
            PageFault fault,
            List<String> unreadable) {
        return new QueryOutcome.MeasuredInPart(
                command.commandId(),
                figures,
                told(fault),
                unreadable,
                null,
                message(fault),
                null,
                details.pages(),
                details.calls(),
                clock.instant());
    }

    private QueryOutcome failed(
            QueryCommand command, Details details, List<ConversationFigures> figures, CallFailure cause) {
        UpstreamFailure failure = upstream(cause);
        boolean unreadable =
                cause instanceof CallFailure.UpstreamError error && error.cause() == CallFailure.Cause.UNREADABLE;
        if (details.pages() == 0 && !unreadable) {
            return new QueryOutcome.CallFailed(
                    command.commandId(),
                    failure.code(),
                    failure.upstreamStatus(),
                    failure.message(),
                    failure.retryAfterSeconds(),
                    details.calls(),
                    clock.instant());
        }
        return new QueryOutcome.MeasuredInPart(
                command.commandId(),
                figures,
                unreadable ? PagingFault.UNREADABLE_PAGE : PagingFault.CALL_FAILED,
                List.of(),
                failure.code(),
                failure.message(),
                failure.retryAfterSeconds(),
                details.pages(),
                details.calls(),
                clock.instant());
    }

    /** As for any call, but that no guest is meant. */
    private UpstreamFailure upstream(CallFailure failure) {
        UpstreamFailure told = UpstreamFailure.of(failure);
        return switch (failure) {
            case CallFailure.Forbidden _ -> {
                warn("it answered 403");
                yield new UpstreamFailure(
                        told.code(),
                        told.upstreamStatus(),
                        "CXone forbids the query: the client lacks the right",
                        null);
            }
            case CallFailure.Unauthorized(CallFailure.Which which)
            when which == CallFailure.Which.SCOPE -> {
                warn("it answered 401 to a new token");
                yield told;
            }
            default -> told;
        };
    }

    /** What only an operator can mend. */
    private void warn(String why) {
        long nowMs = clock.millis();
        long beforeMs = notWarnedBeforeMs.get();
        if (nowMs >= beforeMs && notWarnedBeforeMs.compareAndSet(beforeMs, nowMs + WARNED_EVERY.toMillis())) {
            LOG.warn(
                    "CXone does not tell its figures of conversations: {}. Give the client the right to query analytics"
                            + " (CXONE_SCOPES), or set GUESTFLOW_MEASURE=off; said every {} min",
                    why,
                    WARNED_EVERY.toMinutes());
        }
    }

    private static PagingFault told(PageFault fault) {
        return switch (fault) {
            case REPEATED_PAGE -> PagingFault.REPEATED_PAGE;
            case EMPTY_PAGE -> PagingFault.EMPTY_PAGE;
            case TOO_MANY_PAGES -> PagingFault.TOO_MANY_PAGES;
            case UNREADABLE_ROW -> PagingFault.UNREADABLE_ROW;
            case PAGE_TOKEN_EXPIRED -> PagingFault.PAGE_TOKEN_EXPIRED;
        };
    }

    private static String message(PageFault fault) {
        return switch (fault) {
            case REPEATED_PAGE -> "a page of CXone's answer led to one that had been read";
            case EMPTY_PAGE -> "a page of CXone's answer had nothing on it and promised more";
            case TOO_MANY_PAGES -> "CXone's answer has more pages than are read";
            case UNREADABLE_ROW -> "a conversation of CXone's answer could not be read";
            case PAGE_TOKEN_EXPIRED -> "CXone forgot twice where its answer went on";
        };
    }
}
