package io.guestflow.processor.measure;

import io.guestflow.contracts.cxone.ConversationFigures;
import io.guestflow.contracts.cxone.QueryOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Decides what an answer, or none, means for each conversation that was asked for. */
final class Answers {
    private final MeasureRules rules;

    Answers(MeasureRules rules) {
        this.rules = rules;
    }

    /** CXone was asked, or could not be; the verdicts are in the order of the subjects. */
    List<Verdict> fold(List<Subject> asked, QueryOutcome outcome, Instant now) {
        return switch (outcome) {
            case QueryOutcome.Measured measured -> {
                Map<String, ConversationFigures> told = byId(measured.conversations());
                yield asked.stream()
                        .map(subject -> answered(subject, told.get(subject.conversationId()), now))
                        .toList();
            }
            case QueryOutcome.MeasuredInPart part -> {
                Map<String, ConversationFigures> told = byId(part.conversations());
                Duration least = least(part.retryAfterSeconds());
                yield asked.stream()
                        .map(subject -> {
                            ConversationFigures figures = told.get(subject.conversationId());
                            return figures == null ? failed(subject, least, now) : answered(subject, figures, now);
                        })
                        .toList();
            }
            case QueryOutcome.CallFailed failed ->
                asked.stream()
                        .map(subject -> failed(subject, least(failed.retryAfterSeconds()), now))
                        .toList();
        };
    }

    /** No outcome came in time. */
    List<Verdict> silence(List<Subject> asked, Instant now) {
        return asked.stream()
                .map(subject -> failed(subject, Duration.ZERO, now))
                .toList();
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

    private static Map<String, ConversationFigures> byId(List<ConversationFigures> told) {
        Map<String, ConversationFigures> byId = new HashMap<>();
        told.forEach(figures -> byId.putIfAbsent(figures.conversationId(), figures));
        return byId;
    }

    private static Duration least(@Nullable Integer retryAfterSeconds) {
        return Duration.ofSeconds(retryAfterSeconds == null ? 0 : retryAfterSeconds);
    }
}
