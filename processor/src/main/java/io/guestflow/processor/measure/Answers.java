package io.guestflow.processor.measure;

import io.guestflow.contracts.cxone.ConversationFigures;
import io.guestflow.contracts.cxone.PagingFault;
import io.guestflow.contracts.cxone.QueryOutcome;
import io.guestflow.processor.measure.Refusals.Meant;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Decides what an answer, or none, means for each conversation that was asked for. */
final class Answers {
    private final MeasureRules rules;

    Answers(MeasureRules rules) {
        this.rules = rules;
    }

    /** CXone was asked, or could not be. */
    Ruling fold(List<Subject> asked, QueryOutcome outcome, Meant refused, Instant now) {
        Map<String, ConversationFigures> told = told(outcome);
        Duration least = least(outcome);
        if (refused == Meant.ALL) {
            return each(asked, subject -> refused(subject, least, now));
        }
        if (refused != Meant.NOBODY) {
            return asked.size() > 1
                    ? Ruling.Halves.of(asked)
                    : each(
                            asked,
                            subject -> refused == Meant.ONE
                                    ? answered(subject.alone(), null, now)
                                    : refused(subject.alone(), least, now));
        }
        return each(asked, subject -> {
            ConversationFigures figures = told.get(subject.conversationId());
            if (figures != null || saysThatItIsNotThere(outcome, subject.conversationId())) {
                return answered(subject, figures, now);
            }
            return outcome instanceof QueryOutcome.MeasuredInPart part && part.fault() == PagingFault.UNREADABLE_ROW
                    ? refused(subject, least, now)
                    : failed(subject, least, now);
        });
    }

    /** No outcome came in time. */
    Ruling silence(List<Subject> asked, Instant now) {
        return each(asked, subject -> failed(subject, Duration.ZERO, now));
    }

    private static Ruling each(List<Subject> asked, Function<Subject, Verdict> verdict) {
        return new Ruling.Each(asked.stream().map(verdict).toList());
    }

    private Verdict answered(Subject subject, @Nullable ConversationFigures figures, Instant now) {
        Subject counted = subject.answered();
        boolean last = counted.asked() > rules.delays().size();
        if (figures != null && (last || !goesOn(figures))) {
            return new Verdict.Measured(counted, figures);
        }
        return last
                ? new Verdict.Missing(counted)
                : new Verdict.Again(counted, now.plus(rules.delayAfter(counted.asked())));
    }

    /** A tenant that tells when conversations begin tells when they end too, once they have. */
    private static boolean goesOn(ConversationFigures figures) {
        return figures.startedAt() != null && figures.endedAt() == null;
    }

    /** Not CXone's word that it has no such conversation: it is tried until it is too late. */
    private Verdict failed(Subject subject, Duration least, Instant now) {
        Subject counted = subject.failed();
        Duration delay = rules.delayAfter(counted.failures());
        Instant at = now.plus(delay.compareTo(least) < 0 ? least : delay);
        return at.isBefore(counted.giveUpAt()) ? new Verdict.Again(counted, at) : new Verdict.Unanswered(counted);
    }

    /** It will be so tomorrow too, most likely: it is tried as often as one that CXone does not have, and no more. */
    private Verdict refused(Subject subject, Duration least, Instant now) {
        Subject counted = subject.refused();
        if (counted.refusals() > rules.delays().size()) {
            return new Verdict.Unanswered(counted);
        }
        Duration delay = rules.delayAfter(counted.refusals());
        return new Verdict.Again(counted, now.plus(delay.compareTo(least) < 0 ? least : delay));
    }

    private static Map<String, ConversationFigures> told(QueryOutcome outcome) {
        Map<String, ConversationFigures> byId = new HashMap<>();
        List<ConversationFigures> told = switch (outcome) {
            case QueryOutcome.Measured measured -> measured.conversations();
            case QueryOutcome.MeasuredInPart part -> part.conversations();
            case QueryOutcome.CallFailed _ -> List.of();
        };
        told.forEach(figures -> byId.putIfAbsent(figures.conversationId(), figures));
        return byId;
    }

    /** Of a conversation whose figures it does not tell. */
    private static boolean saysThatItIsNotThere(QueryOutcome outcome, String conversationId) {
        return switch (outcome) {
            case QueryOutcome.Measured _ -> true;
            case QueryOutcome.MeasuredInPart part ->
                !part.unreadable().isEmpty() && !part.unreadable().contains(conversationId);
            case QueryOutcome.CallFailed _ -> false;
        };
    }

    /** How long CXone wants to be left alone. */
    private static Duration least(QueryOutcome outcome) {
        Integer seconds = switch (outcome) {
            case QueryOutcome.Measured _ -> null;
            case QueryOutcome.MeasuredInPart part -> part.retryAfterSeconds();
            case QueryOutcome.CallFailed failed -> failed.retryAfterSeconds();
        };
        return Duration.ofSeconds(seconds == null ? 0 : seconds);
    }
}
