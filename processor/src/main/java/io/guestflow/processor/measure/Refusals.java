package io.guestflow.processor.measure;

import io.guestflow.contracts.cxone.PagingFault;
import io.guestflow.contracts.cxone.QueryOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Tells refusals that may be for one conversation of a batch from those that are for all, and from calls that came to
 * nothing, which say nothing at all.
 *
 * <p>Only conversations that are asked for by themselves for the first time tell: a batch is refused for any one of it, and
 * one that was refused by itself before is refused again whatever CXone thinks of the others.
 *
 * <p>Threading: for the stream thread of the task.
 */
final class Refusals {
    /** So many in a row that are asked for by themselves, and nothing that is answered between, and it is not for them. */
    static final int FOR_ALL = 16;

    /**
     * So long that is believed, with one call for each batch meanwhile. Then it is looked at anew: so many of one kind may
     * have come in a row, and the others must not pay for them for ever.
     */
    static final Duration BELIEVED = Duration.ofMinutes(15);

    private int inARow;
    private Instant believedUntil = Instant.MIN;

    /** For whom a refusal is. */
    enum Meant {
        /** It is none. */
        NOBODY,
        /** Perhaps for one conversation, that CXone does not know, or takes for badly formed. */
        ONE,
        /** Perhaps for one conversation, of which CXone does not want to tell, or not what can be read. */
        ONE_UNTOLD,
        /** For whoever asks. */
        ALL
    }

    /** For whom this one is, after those before it. */
    Meant meant(List<Subject> asked, QueryOutcome outcome, Instant now) {
        Meant meant = byItself(outcome);
        if (meant == Meant.ONE || meant == Meant.ONE_UNTOLD) {
            if (asked.size() == 1 && !asked.getFirst().apart() && ++inARow >= FOR_ALL) {
                inARow = 0;
                believedUntil = now.plus(BELIEVED);
            }
            return now.isBefore(believedUntil) ? Meant.ALL : meant;
        }
        if (!(outcome instanceof QueryOutcome.CallFailed)) {
            inARow = 0;
            believedUntil = Instant.MIN;
        }
        return meant;
    }

    private static Meant byItself(QueryOutcome outcome) {
        return switch (outcome) {
            case QueryOutcome.Measured _ -> Meant.NOBODY;
            case QueryOutcome.MeasuredInPart part ->
                part.fault() == PagingFault.UNREADABLE_PAGE
                                && part.conversations().isEmpty()
                        ? Meant.ONE_UNTOLD
                        : Meant.NOBODY;
            case QueryOutcome.CallFailed failed -> {
                boolean answered = failed.upstreamStatus() != null;
                yield switch (failed.code()) {
                    // Without a status nobody was asked: the tenant has no such call.
                    case UPSTREAM_REJECTED -> answered ? Meant.ONE : Meant.ALL;
                    case UPSTREAM_FORBIDDEN -> Meant.ONE_UNTOLD;
                    // Without one the token endpoint refuses us: no guest is served either, until somebody mends it.
                    case UPSTREAM_UNAUTHORIZED -> answered ? Meant.ALL : Meant.NOBODY;
                    default -> Meant.NOBODY;
                };
            }
        };
    }

    /** Why all was not well, for a meter. */
    static String code(QueryOutcome outcome) {
        return switch (outcome) {
            case QueryOutcome.Measured _ -> "none";
            case QueryOutcome.MeasuredInPart part -> part.fault().name();
            case QueryOutcome.CallFailed failed -> failed.code().name();
        };
    }
}
