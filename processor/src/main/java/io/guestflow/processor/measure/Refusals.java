package io.guestflow.processor.measure;

import io.guestflow.contracts.cxone.PagingFault;
import io.guestflow.contracts.cxone.QueryOutcome;

/**
 * Tells refusals that may be for one conversation of a batch from those that are for all, and from calls that came to
 * nothing, which say nothing at all.
 *
 * <p>Threading: for the stream thread of the task.
 */
final class Refusals {
    /**
     * So many in a row, and it is not for one conversation: a batch of a hundred, in which several are refused, has answers
     * among the first parts. It costs so many calls to learn that a tenant refuses everything, and one for each batch then.
     */
    static final int FOR_ALL = 16;

    private int inARow;

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
    Meant meant(QueryOutcome outcome) {
        Meant meant = byItself(outcome);
        if (meant == Meant.ONE || meant == Meant.ONE_UNTOLD) {
            inARow++;
            return inARow >= FOR_ALL ? Meant.ALL : meant;
        }
        if (!(outcome instanceof QueryOutcome.CallFailed)) {
            inARow = 0;
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
